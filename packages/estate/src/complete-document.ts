/**
 * The whole estate as a document: everything it says and everything that was filled in, each default with its reason.
 *
 * Loading the text gives the same estate; only session keys are not in it. Sites of tables stand in it as sites, and a
 * folder of files becomes one file.
 */
import { formatPrefix } from '@bothways/net';
import { completeRecords, type Surroundings } from './complete-records.ts';
import { completeServices } from './complete-services.ts';
import { completeTraffic } from './complete-traffic.ts';
import { nodeAt } from './document.ts';
import type { EstateLoad } from './load.ts';
import type { Estate, Path } from './model.ts';
import { type Field, fieldsAt, outlineText } from './outline.ts';

/** YAML text of an estate that could be loaded; `undefined` when it could not. */
export function completeDocument(load: EstateLoad): string | undefined {
  const { estate, document } = load;
  if (estate === undefined) return undefined;
  const reasons = new Map(document.defaults.map(({ path, because }) => [pathKey(path), because]));
  const writtenText = (path: Path): string | undefined => {
    const node = nodeAt(document.tree, path);
    return node?.kind === 'scalar' ? node.text : undefined;
  };
  return outlineText(completeFields(estate, { estate, writtenText }), (path) => reasons.get(pathKey(path)));
}

function pathKey(path: Path): string {
  return path.map((step) => `${typeof step === 'number' ? '#' : '.'}${step}`).join('\u0000');
}

function completeFields(estate: Estate, around: Surroundings): readonly Field[] {
  const top = fieldsAt([]);
  return [
    ...top.value('bothways', 1),
    ...top.map('organisation', organisationFields(estate)),
    ...completeRecords(estate, around),
    ...completeServices(estate),
    ...completeTraffic(estate),
  ];
}

function organisationFields({ organisation }: Estate): readonly Field[] {
  const at = fieldsAt(['organisation']);
  const { authorised, tenantRegion, services } = organisation.microsoft365;
  const inside = fieldsAt(['organisation', 'microsoft365']);
  return [
    ...at.value('name', organisation.name),
    ...at.value('asn', organisation.asn),
    ...at.value('cloud', organisation.cloud),
    ...at.value('subscription', organisation.subscription),
    ...at.some('owns', organisation.owns.map(formatPrefix)),
    ...at.map('microsoft365', [
      ...inside.value('authorised', authorised),
      ...inside.value('tenantRegion', tenantRegion),
      ...inside.some('services', services),
    ]),
  ];
}
