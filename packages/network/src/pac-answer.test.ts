import { describe, expect, it } from 'vitest';
import { parsePacAnswer } from './pac-answer.ts';

const proxy = (scheme: string, host: string, port: number, written: string) => ({
  kind: 'proxy',
  scheme,
  host,
  port,
  written,
});

describe('the answer of a script', () => {
  it.each([
    ['', [{ kind: 'direct' }]],
    [' ; ', [{ kind: 'direct' }]],
    ['direct', [{ kind: 'direct' }]],
    ['PROXY a:8080; DIRECT', [proxy('PROXY', 'a', 8080, 'a:8080'), { kind: 'direct' }]],
    ['proxy  A.Example:3128 ;', [proxy('PROXY', 'a.example', 3128, 'A.Example:3128')]],
    ['PROXY a', [proxy('PROXY', 'a', 80, 'a')]],
    ['HTTPS a', [proxy('HTTPS', 'a', 443, 'a')]],
    ['SOCKS5 a', [proxy('SOCKS5', 'a', 1080, 'a')]],
    ['PROXY [2001:db8::1]:8080', [proxy('PROXY', '2001:db8::1', 8080, '[2001:db8::1]:8080')]],
    ['PROXY a:70000', [{ kind: 'unreadable', written: 'PROXY a:70000' }]],
    ['PROXY', [{ kind: 'unreadable', written: 'PROXY' }]],
    ['a:8080', [{ kind: 'unreadable', written: 'a:8080' }]],
    ['GOPHER a:70, DIRECT', [{ kind: 'unreadable', written: 'GOPHER a:70, DIRECT' }]],
  ])('%s', (text, expected) => {
    expect(parsePacAnswer(text)).toEqual(expected);
  });
});
