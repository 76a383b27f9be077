import { describe, expect, it } from 'vitest';
import { type ColourChoice, terminalOf, wantsColour } from './terminal.ts';

const screen = { isTTY: true, columns: 90 };
const pipe = { isTTY: false };

describe('colour', () => {
  it.each<[ColourChoice, { isTTY: boolean }, Record<string, string>, boolean]>([
    ['auto', screen, {}, true],
    ['auto', pipe, {}, false],
    ['auto', screen, { NO_COLOR: '1' }, false],
    ['auto', screen, { NO_COLOR: '' }, true],
    ['auto', screen, { TERM: 'dumb' }, false],
    ['auto', pipe, { FORCE_COLOR: '1' }, true],
    ['auto', pipe, { FORCE_COLOR: '' }, true],
    ['auto', screen, { FORCE_COLOR: '0' }, false],
    ['auto', screen, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    ['always', pipe, { NO_COLOR: '1' }, true],
    ['never', screen, { FORCE_COLOR: '1' }, false],
  ])('%s on %j with %j: %s', (choice, stream, environment, expected) => {
    expect(wantsColour(choice, stream, environment)).toBe(expected);
  });

  it('changes nothing but adds escapes', () => {
    const escapes = /\u001b\[\d+m/g;
    const { style } = terminalOf('always', pipe, {});
    expect(style.red('text')).not.toBe('text');
    expect(style.red('text').replaceAll(escapes, '')).toBe('text');
    expect(terminalOf('never', screen, {}).style.red('text')).toBe('text');
  });
});

describe('width', () => {
  it.each([
    [screen, 90],
    [{ isTTY: true, columns: 20 }, 40],
    [{ isTTY: true, columns: 400 }, 140],
    [{ isTTY: true }, 100],
    [{ isTTY: false, columns: 60 }, 100],
  ])('of %j is %i', (stream, expected) => {
    expect(terminalOf('auto', stream, {}).width).toBe(expected);
  });
});

it('suggests commands the way the user started this one', () => {
  expect(terminalOf('auto', pipe, {}).invocation).toBe('bothways');
  expect(terminalOf('auto', pipe, { npm_command: 'exec' }).invocation).toBe('npx bothways');
});
