import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, runOf, scriptOf } from '../test/runs.ts';
import { pacEvaluator } from './index.ts';

/** Milliseconds; far above what any of these takes, far below for ever. */
const SOON = 10_000;

describe('a hostile script', () => {
  it.each([
    ['a loop without end', scriptOf('while (true) {}'), 'instructions'],
    ['a loop without end outside the function', 'while (true) {}', 'instructions'],
    [
      'a loop that catches what stops it',
      scriptOf('while (true) { try { while (true) {} } catch (e) {} }'),
      'instructions',
    ],
    ['endless recursion', scriptOf('return FindProxyForURL(url, host) + 1;'), 'memory'],
    ['recursion through a getter', scriptOf('var o = { get a() { return this.a; } }; return o.a;'), 'memory'],
    ['a text that doubles', scriptOf('var s = "x"; while (true) s += s;'), 'memory'],
    ['a list that grows', scriptOf('var a = []; while (true) a.push("x" + a.length);'), 'memory'],
    ['a huge number', scriptOf('return String(2n ** 1000000000n);'), 'exception'],
    ['a pattern that backtracks', scriptOf(`return /^(a+)+$/.test("${'a'.repeat(40)}!") ? "A" : "B";`), 'instructions'],
    [
      'a pattern of shExpMatch that backtracks',
      scriptOf(`return shExpMatch("${'a'.repeat(40)}!", "(a+)+b") ? "A" : "B";`),
      'instructions',
    ],
    ['a syntax error', 'function FindProxyForURL(url, host) { return ', 'syntax'],
    ['no function', 'var FindProxyForURL = 5;', 'no-function'],
    ['an exception that is no error', scriptOf('throw { toString: function () { return "own text"; } };'), 'exception'],
    ['a number as its answer', scriptOf('return 5;'), 'wrong-result'],
  ] as const)('%s ends soon, the same way every time', (_, script, kind) => {
    const started = performance.now();
    const replies = [runOf(script), runOf(script), runOf(script, {}, 'other.example')];
    expect(performance.now() - started).toBeLessThan(SOON);
    for (const reply of replies) expect(reply).toMatchObject({ kind: 'problem', problem: { kind } });
    expect(replies[1]).toEqual(replies[0]);
  });

  it.each([
    ['a search through for ever', 'return "" + [].indexOf.call({ length: 9007199254740991 }, 1);'],
    ['a text searched in a text', 'var s = "a".repeat(3e6); return "" + s.indexOf("a".repeat(1e6) + "b");'],
  ])('%s, which no counter sees, loses its thread', (_, body) => {
    const hasty = pacEvaluator({ deadline: 200 });
    const ask = (script: string) => hasty({ script, url: 'https://a.example/', host: 'a.example', answers: {} });
    expect(ask(scriptOf(body))).toMatchObject({ kind: 'problem', problem: { kind: 'time' } });
    expect(ask(scriptOf('return "DIRECT";'))).toMatchObject({ kind: 'answer', text: 'DIRECT' });
  });

  it('has the language and the functions of a script, and nothing else', () => {
    const names = 'process require module fetch XMLHttpRequest WebAssembly console setTimeout std os Worker navigator';
    const body = `return ${JSON.stringify(names.split(' '))}.filter(function (n) { return eval("typeof " + n) !== "undefined"; }).join();`;
    expect(runOf(scriptOf(body))).toMatchObject({ kind: 'answer', text: '' });
    const outside = 'return this.constructor.constructor("return typeof process + typeof require")();';
    expect(runOf(scriptOf(outside))).toMatchObject({ kind: 'answer', text: 'undefinedundefined' });
    expect(runOf(scriptOf('return import("fs") + "";')).kind).not.toBe('question');
  });

  it.each([
    ['JSON', 'JSON.stringify = JSON.parse = null;'],
    ['lists', 'Array.prototype.push = Array.prototype.indexOf = function () { throw 1; };'],
    ['own properties', 'Object.prototype.hasOwnProperty = function () { return false; };'],
    ['call', 'Function.prototype.call = Function.prototype.apply = function () { return 7; };'],
    ['texts', 'String.prototype.toLowerCase = String.prototype.split = function () { return this; };'],
    ['the way to JSON', 'Object.prototype.toJSON = function () { return { text: "PROXY x:1" }; };'],
    ['the functions', 'dnsResolve = isInNet = function () { return "10.0.0.1"; };'],
    [
      'getters',
      'Object.defineProperty(Object.prototype, "missing", { get: function () { throw 1; }, set: function () {} });',
    ],
  ])('that spoils %s hurts nobody but itself', (_, spoil) => {
    const script = `${spoil}\n${scriptOf('return isInNet(host, "10.0.0.0", "255.0.0.0") ? "DIRECT" : "PROXY a:1";')}`;
    expect(runOf(script)).toEqual(runOf(script));
    const other = scriptOf('return isInNet(host, "10.0.0.0", "255.0.0.0") ? "DIRECT" : "PROXY a:1";');
    expect(runOf(other)).toMatchObject({ kind: 'question', question: { kind: 'resolve' } });
    expect(runOf(other, { 'resolve contoso.crm4.dynamics.com': '10.1.1.1' })).toMatchObject({ text: 'DIRECT' });
  });

  it.each([
    ['function FindProxyForURL(url, host) {\n  if (host ==) return "DIRECT";\n}', 'syntax', 2],
    ['var a = 1;\nvar b = ;\n', 'syntax', 2],
    ['var a = 1;\nnobody();\nfunction FindProxyForURL() {}', 'exception', 2],
    ['function FindProxyForURL(url, host) {\n\n  host.nobody.call(url);\n  return url;\n}', 'exception', 3],
  ] as const)('is told where it fails', (script, kind, line) => {
    const reply = runOf(script);
    expect(reply).toMatchObject({ kind: 'problem', problem: { kind, line } });
    expect(reply.kind === 'problem' ? reply.problem.column : 0).toBeGreaterThan(0);
  });
});

describe('a run', () => {
  const counting = `var n = 0, seen = [];\n${scriptOf('n += 1; seen.push(host); if (host.length > 20) while (true) {} return "PROXY p:" + n + seen.length + seen[0];')}`;

  it('does not depend on the runs before it (seed 5)', () => {
    const hosts = ['a.example', 'b.example', 'contoso.crm4.dynamics.com', 'c.example'];
    const alone = new Map(
      hosts.map((host) => [host, pacEvaluator()({ script: counting, url: '', host, answers: {} })]),
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...hosts), { maxLength: 12 }), (order) => {
        for (const host of order)
          expect(evaluate({ script: counting, url: '', host, answers: {} })).toEqual(alone.get(host));
      }),
      { seed: 5, numRuns: 8 },
    );
  });

  it('gives back whatever text the script returns (seed 6)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(runOf(scriptOf(`return ${JSON.stringify(text)};`))).toMatchObject({ kind: 'answer', text });
      }),
      { seed: 6, numRuns: 40 },
    );
  });

  it('ends for any text whatsoever as a script (seed 7)', () => {
    const words = [
      'function',
      'FindProxyForURL',
      '(url, host)',
      '{',
      '}',
      'return',
      '"DIRECT"',
      ';',
      'while(1)',
      'host',
      '=',
      '[',
      ']',
      'isInNet',
      '(',
      ')',
      '`',
      '/*',
      '=>',
      'class',
      '\n',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 25 }), (parts) => {
        expect(['answer', 'question', 'problem']).toContain(runOf(parts.join(' ')).kind);
      }),
      { seed: 7, numRuns: 150 },
    );
  });
});
