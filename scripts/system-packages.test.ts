import { describe, expect, it } from 'vitest';
import { type Need, satisfy } from './system-packages.ts';

const bird: Need = { suite: 'routing against BIRD', program: 'bird', debianPackage: 'bird2' };
const birdClient: Need = { suite: 'routing against BIRD', program: 'birdc', debianPackage: 'bird2' };

describe('programs from outside npm', () => {
  it('asks for nothing when everything is there', () => {
    const install = () => 'must not be called';
    expect(satisfy([bird], { has: () => true, install })).toEqual([]);
  });

  it('installs each missing package once', () => {
    const installed: string[] = [];
    const machine = {
      has: () => installed.includes('bird2'),
      install: (packages: readonly string[]) => {
        installed.push(...packages);
        return undefined;
      },
    };
    expect(satisfy([bird, birdClient], machine)).toEqual([]);
    expect(installed).toEqual(['bird2']);
  });

  it('names the suite and the package where nothing can be installed', () => {
    expect(satisfy([bird], { has: () => false, install: undefined })).toEqual([
      'routing against BIRD: not run, bird is missing (Debian: apt-get install bird2)',
    ]);
  });

  it('passes on why an installation failed', () => {
    const [line] = satisfy([bird], { has: () => false, install: () => 'apt-get update failed: no network' });
    expect(line).toMatch(/; apt-get update failed: no network$/);
  });
});
