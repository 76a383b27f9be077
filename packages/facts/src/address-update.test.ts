import { parseAddress, valueOrThrow } from '@bothways/net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type AddressData,
  addressFiles,
  builtInEndpointFile,
  builtInTagFile,
  endpointFiles,
  type PackedTagFile,
  useAddressData,
  withAddressData,
} from './address-data.ts';
import { addressSet, regionalTag } from './address-sets.ts';
import {
  incompleteness,
  mergeAddressData,
  newerThanBuiltIn,
  readAddressUpdate,
  writeAddressUpdate,
} from './address-update.ts';
import { microsoft365Sets } from './microsoft365.ts';
import { whoOwns } from './ownership.ts';

afterEach(() => useAddressData());

/** The public file, a week on: West Europe has lost all but one prefix. */
function nextWeek(): PackedTagFile {
  const real = builtInTagFile('public');
  const sets = real.sets.map((line) => (line.startsWith('AzureCloud.westeurope|') ? westEurope(line) : line));
  return { ...real, file: 'ServiceTags_Public_20251117.json', changeNumber: 377, date: '2025-11-17', sets };
}

function westEurope(line: string): string {
  // 'gBgqD' is 13.64.0.0/16 packed.
  return [...line.split('|').slice(0, 3), '99', 'gBgqD', ''].join('|');
}

const data = (): AddressData => ({ tags: [nextWeek()], endpoints: [] });

describe('files in use', () => {
  it('are the checked-in ones until others are put in their place, and again afterwards', () => {
    const address = valueOrThrow(parseAddress('20.50.1.1'));
    const before = whoOwns(address, 'public').sets;
    expect(before).toContain('AzureCloud.westeurope');
    const inside = withAddressData(data(), () => ({
      owners: whoOwns(address, 'public').sets,
      prefixes: regionalTag('public', 'AzureCloud', 'westeurope')?.prefixes.length,
      source: addressSet('public', 'AzureCloud')?.source,
      files: addressFiles(),
    }));
    expect(inside.owners).not.toContain('AzureCloud.westeurope');
    expect(inside.prefixes).toBe(1);
    expect(inside.source).toEqual({
      id: 'FILE-TAGS-PUBLIC',
      document: 'ServiceTags_Public_20251117.json, change 377, your update',
      repository: undefined,
      date: '2025-11-17',
      commit: undefined,
    });
    expect(inside.files[0]).toMatchObject({ changeNumber: 377, date: '2025-11-17', builtIn: false });
    expect(inside.files[1]).toMatchObject({ cloud: 'usgov', builtIn: true });
    expect(whoOwns(address, 'public').sets).toEqual(before);
    expect(addressFiles().every(({ builtIn }) => builtIn)).toBe(true);
  });

  it('come back also when the work fails', () => {
    expect(() =>
      withAddressData(data(), () => {
        throw new Error('planted');
      }),
    ).toThrow('planted');
    expect(addressFiles()[0]).toMatchObject({ changeNumber: 376, builtIn: true });
  });

  it('hold for Microsoft 365, too', () => {
    const real = builtInEndpointFile('worldwide');
    const list = { ...real, file: 'worldwide_20260105.json', date: '2026-01-05', sets: real.sets.slice(0, 1) };
    useAddressData({ tags: [], endpoints: [list] });
    expect(microsoft365Sets('public').length).toBe(1);
    expect(microsoft365Sets('public')[0]?.source.document).toBe('worldwide_20260105.json, your update');
    expect(endpointFiles()[0]).toMatchObject({ date: '2026-01-05', builtIn: false });
    expect(addressSet('public', 'Microsoft365.31')).toBeUndefined();
  });
});

describe('the file of an update', () => {
  it('reads back what was written, the same bytes for the same data', () => {
    const update = { tags: [nextWeek()], endpoints: [builtInEndpointFile('china')] };
    const text = writeAddressUpdate(update);
    expect(text).toBe(writeAddressUpdate(update));
    const read = readAddressUpdate(text);
    expect(read).toEqual({ ok: true, value: update });
  });

  it('is refused when cut, at a hundred places, and when changed', () => {
    const text = writeAddressUpdate({ tags: [builtInTagFile('china')], endpoints: [] });
    for (let step = 0; step < 100; step += 1) {
      expect(readAddressUpdate(text.slice(0, Math.floor((step * text.length) / 100))).ok).toBe(false);
    }
    const changed = text.replace('ChinaEast', 'ChinaWest');
    expect(readAddressUpdate(changed)).toEqual({ ok: false, problem: 'the file was cut or changed' });
    expect(readAddressUpdate(text.replace('"version":1', '"version":2'))).toMatchObject({
      problem: expect.stringMatching(/version 2/),
    });
    expect(readAddressUpdate('{}')).toMatchObject({ ok: false });
  });

  it('without sets is possible', () => {
    expect(readAddressUpdate(writeAddressUpdate({ tags: [], endpoints: [] }))).toEqual({
      ok: true,
      value: { tags: [], endpoints: [] },
    });
  });
});

describe('what is put to use', () => {
  it('is only what is newer than the checked-in files', () => {
    const same = builtInTagFile('public');
    const { newer, overtaken } = newerThanBuiltIn({ tags: [same, builtInTagFile('china')], endpoints: [] });
    expect(newer).toEqual({ tags: [], endpoints: [] });
    expect(overtaken).toEqual([same.file, builtInTagFile('china').file]);
    expect(newerThanBuiltIn(data()).newer.tags.length).toBe(1);
  });

  it('joins earlier updates of other clouds and replaces those of the same', () => {
    const china = { ...builtInTagFile('china'), changeNumber: 999 };
    const merged = mergeAddressData({ tags: [china], endpoints: [] }, data());
    expect(merged.tags.map(({ cloud, changeNumber }) => [cloud, changeNumber])).toEqual([
      ['china', 999],
      ['public', 377],
    ]);
    const again = mergeAddressData(merged, { tags: [{ ...china, changeNumber: 1000 }], endpoints: [] });
    expect(again.tags.map(({ changeNumber }) => changeNumber)).toEqual([1000, 377]);
  });

  it('is not a part of a file', () => {
    const real = builtInTagFile('public');
    expect(incompleteness(nextWeek(), real)).toBeUndefined();
    const withoutPlatform = { ...real, sets: real.sets.filter((line) => !line.startsWith('PowerPlatformInfra|')) };
    expect(incompleteness(withoutPlatform, real)).toMatch(/lacks PowerPlatformInfra/);
    const withoutRegions = { ...real, sets: real.sets.filter((line) => !/^\w+\.\w+\|/.test(line)) };
    expect(incompleteness(withoutRegions, real)).toMatch(/part of a file|lacks/);
    const list = builtInEndpointFile('worldwide');
    expect(incompleteness({ ...list, sets: list.sets.slice(0, 30) }, list)).toMatch(/30 of the 79 sets/);
  });
});
