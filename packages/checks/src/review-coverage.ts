/**
 * Which rule answers which id of the reviewers' lists, or why none can: the table that shows what a check does not look
 * at. Rules name the ids they answer; what they leave open, and what nothing here can settle, is said below.
 */
import { type ChecklistItem, checklist, type ReviewCheck, reviewChecks } from '@bothways/facts';
import { RULES } from './rules/index.ts';

/**
 * 'document': settled while the document is read, by findings of its own. 'command': settled by another command.
 * 'construction': the model cannot express the fault. 'live': needs the state, settings or metrics
 * of Azure. 'people': only the organisation can confirm it. 'outside': about something the document does not describe.
 */
export type ReasonKind = 'document' | 'command' | 'construction' | 'live' | 'people' | 'outside';

export interface CoverageReason {
  readonly kind: ReasonKind;
  readonly text: string;
}

export interface CoverageRow {
  readonly id: string;
  readonly statement: string;
  /** What the list itself calls it. */
  readonly reference: string;
  /** Names of rules, in order. */
  readonly rules: readonly string[];
  /** Without a rule: why. With rules: what they leave open, where they do. */
  readonly reason: CoverageReason | undefined;
}

const GATEWAY_SETTINGS = 'a setting of the gateway resource that the document does not hold';
const ALERTS = 'alerts and diagnostics are settings of Azure Monitor';
const VIRTUAL_WAN = 'virtual WAN is not part of the document';
const VMWARE = 'Azure VMware Solution is not part of the document';
const METRICS = 'a threshold on metrics of the running circuit';
const FAILURES =
  'single failures are computed up to a bound on elements and round trips; `bothways sweep` has none and takes pairs as well';
const SESSIONS =
  'how many sessions a user holds has to be measured and stated (`--sessions-per-user`): no source gives a figure for Power Platform';
const CRITICAL = 'asked where an intent has to bear failures; what is critical only the organisation knows';
const WANTED_VPN = 'whether a VPN is wanted is a decision; the rule says what it does not cover';
const NAMES = 'names are given in the deployment, not in the document';

/** `KIND: text` by id. Ids with rules as well: what the rules leave open. */
const REASONS: Readonly<Record<string, readonly [ReasonKind, string]>> = {
  'PP-C05': ['people', SESSIONS],
  'PP-C07': ['command', FAILURES],
  'PP-C08': [
    'people',
    'detours, hairpins and distances are computed; which of them is wanted only the organisation knows',
  ],
  'PP-C09': ['people', CRITICAL],
  'PP-C12': ['people', 'the document can name the subscription; whether it may hold circuits is seen in Azure'],
  'PP-C13': ['document', 'estate/cloud-mismatch'],
  'PP-C14': ['document', 'estate/pair-not-stated, where the geography has several pairs'],
  'PP-C22': ['outside', 'public DNS is not asked; the address in the document is taken'],
  'PP-C23': [
    'outside',
    'names of the rules of a firewall are not part of the document; its rules are followed address by address',
  ],
  'PP-C24': ['outside', 'suites and certificates are not part of the document'],
  'PP-C27': ['people', 'versions and machines of the members are not part of the document'],
  'PP-C28': [
    'command',
    'whether members reach their service is seen with `bothways trace`; firewall rules on the way are judged',
  ],
  'PP-C29': [
    'outside',
    'every address of the tags is followed through the rules of firewalls; how a firewall names them is its own',
  ],
  'PP-C30': [
    'people',
    'the value is recorded with a default that `bothways show` lists; that it was decided only people know',
  ],
  'PP-C31': [
    'command',
    'whether machines reach their service is seen with `bothways trace`; firewall rules on the way are judged',
  ],
  'PP-C36': ['people', 'reasons in the document are read for a few words only'],
  'PP-C37': ['command', FAILURES],
  'PP-C38': ['command', FAILURES],
  'PP-C40': ['command', 'plans and SKUs are judged; the bill with every fee is drawn up by `bothways price`'],
  'PP-C42': ['people', 'that audit mode was used only people know'],
  'PP-C44': [
    'people',
    'how many addresses a filter draws along is counted in the checklist of `bothways report`; what people use there only they know',
  ],
  'PP-C45': ['document', 'estate/too-many-prefixes, estate/not-public'],
  'PP-C47': ['outside', 'records in public DNS are not part of the document; the kind of the service is taken'],
  'PP-C48': [
    'people',
    'facts and address files show their dates (`bothways facts --stale`); following them is a habit',
  ],
  'PP-C49': ['people', 'reasons in the document are read for a few words only'],
  'PP-C50': ['people', 'a person and a plan, which no document proves'],
  'PP-C51': ['people', 'the order of a rollout is confirmed by those who do it'],
  'CHK-APRL-01': ['people', CRITICAL],
  'CHK-APRL-04': ['people', CRITICAL],
  'CHK-APRL-05': ['live', ALERTS],
  'CHK-APRL-06': ['live', 'who receives notices is a setting of Service Health'],
  'CHK-APRL-07': ['live', 'the rate limiter is a setting of the circuit resource'],
  'CHK-APRL-08': ['outside', `${VIRTUAL_WAN}; the rule looks at gateways of virtual networks`],
  'CHK-APRL-09': ['outside', VIRTUAL_WAN],
  'CHK-APRL-10': ['outside', VIRTUAL_WAN],
  'CHK-APRL-11': ['live', 'the administrative state of a port is seen in Azure'],
  'CHK-APRL-12': [
    'outside',
    'the document gives each circuit ports of its own; several circuits on one pair are not described',
  ],
  'CHK-APRL-13': ['live', ALERTS],
  'CHK-APRL-14': ['people', CRITICAL],
  'CHK-APRL-16': [
    'construction',
    'both links of a circuit are modelled side by side; see drained-link-yields for policies',
  ],
  'CHK-APRL-19': ['live', ALERTS],
  'CHK-APRL-20': ['live', GATEWAY_SETTINGS],
  'CHK-APRL-21': ['live', GATEWAY_SETTINGS],
  'CHK-APRL-22': ['live', 'FastPath is a setting of the connection resource'],
  'CHK-APRL-23': ['live', 'the collector is a resource beside the circuit'],
  'CHK-APRL-24': ['outside', VIRTUAL_WAN],
  'CHK-APRL-25': ['live', 'Connection Monitor is a resource beside the circuit'],
  'CHK-APRL-26': ['outside', VMWARE],
  'CHK-APRL-27': ['outside', VMWARE],
  'CHK-APRL-28': ['outside', VMWARE],
  'CHK-APRL-29': [
    'outside',
    'virtual desktops are not part of the document; the rule looks at forced tunnelling alone',
  ],
  'CHK-APRL-30': ['people', WANTED_VPN],
  'CHK-APRL-31': ['live', 'a lock is seen in Azure'],
  'CHK-ALZ-01': ['people', 'how subscriptions are cut is an organisational choice'],
  'CHK-ALZ-02': ['people', 'which network is the hub is an organisational choice'],
  'CHK-ALZ-03': ['outside', 'Route Server is not part of the document'],
  'CHK-ALZ-04': [
    'outside',
    'routes and address spaces of today are compared with the limits; growth is not part of the document',
  ],
  'CHK-ALZ-06': ['outside', 'IPsec on private peering is not part of the document; the rule looks at what is claimed'],
  'CHK-ALZ-07': ['document', 'estate/overlapping-networks, estate/overlapping-clients'],
  'CHK-ALZ-08': ['people', WANTED_VPN],
  'CHK-ALZ-14': ['document', 'estate/bandwidth-step'],
  'CHK-ALZ-15': ['live', 'FastPath is a setting of the connection resource'],
  'CHK-ALZ-16': [
    'outside',
    'several circuits on one pair of ports are not described; the rule looks at provider circuits',
  ],
  'CHK-ALZ-17': ['people', 'whether something deserves a circuit of its own is a decision'],
  'CHK-ALZ-18': ['live', ALERTS],
  'CHK-ALZ-19': ['live', 'Connection Monitor is a resource beside the circuit'],
  'CHK-ALZ-20': ['people', CRITICAL],
  'CHK-ALZ-21': ['people', WANTED_VPN],
  'CHK-ALZ-22': ['live', 'route tables of the gateway subnet are not part of the document'],
  'CHK-ALZ-23': ['construction', 'every circuit speaks BGP in the model'],
  'CHK-ALZ-25': ['people', CRITICAL],
  'CHK-ALZ-27': ['live', ALERTS],
  'CHK-ALZ-28': ['live', GATEWAY_SETTINGS],
  'CHK-ALZ-30': ['people', 'private endpoints are described; which services should have one is a decision for each'],
  'CHK-ALZ-32': ['outside', VIRTUAL_WAN],
  'CHK-RC-03': ['people', WANTED_VPN],
  'CHK-RC-04': ['outside', 'clusters are not part of the document; the rule looks at the circuits'],
  'CHK-RC-05': ['outside', 'SAP is not part of the document; the rules look at sites and regions'],
  'CHK-RC-06': ['outside', VMWARE],
  'CHK-RC-07': ['outside', VMWARE],
  'CHK-RC-08': ['people', 'where keys are kept is not written into a design; keys in the document are never printed'],
  'CHK-RC-09': ['outside', VMWARE],
  'CHK-RC-10': ['outside', VMWARE],
  'CHK-RC-11': ['outside', VMWARE],
  'CHK-RC-13': ['outside', 'virtual desktops are not part of the document'],
  'CHK-RC-14': ['people', 'how machines are managed is not part of the document; the rule looks at what is published'],
  'CHK-RC-15': ['outside', 'agents, file shares and managed instances are not part of the document'],
  'CHK-RC-16': ['live', 'protection plans are seen in Azure'],
  'CHK-WAF-R01': ['people', CRITICAL],
  'CHK-WAF-R02': ['command', FAILURES],
  'CHK-WAF-R03': ['people', CRITICAL],
  'CHK-WAF-R07': ['people', CRITICAL],
  'CHK-WAF-R08': ['people', CRITICAL],
  'CHK-WAF-R09': ['document', 'network/global-reach'],
  'CHK-WAF-R10': ['people', WANTED_VPN],
  'CHK-WAF-R13': ['people', 'that a test took place is confirmed by those who did it'],
  'CHK-WAF-R14': ['live', ALERTS],
  'CHK-WAF-R15': [
    'command',
    '`bothways report` and `bothways check --format json` show the index by the published table; what Azure computed last is seen in Azure',
  ],
  'CHK-WAF-S01': ['people', 'a baseline is a programme, not a property of a network'],
  'CHK-WAF-S02': ['live', 'roles are seen in Azure'],
  'CHK-WAF-S04': ['outside', 'IPsec on private peering is not part of the document; the rule looks at what is claimed'],
  'CHK-WAF-S06': ['live', 'retention of logs is seen in Azure'],
  'CHK-WAF-C01': ['command', 'the bill is drawn up by `bothways price`; the rule looks at the surcharge of Premium'],
  'CHK-WAF-C04': ['live', 'budgets are seen in Azure'],
  'CHK-WAF-O02': ['live', 'Connection Monitor is a resource beside the circuit'],
  'CHK-WAF-O03': ['construction', 'every peering speaks BGP in the model'],
  'CHK-WAF-O04': ['live', 'who receives notices is a setting of Service Health'],
  'CHK-WAF-O05': ['live', 'the collector is a resource beside the circuit'],
  'CHK-WAF-O06': ['live', ALERTS],
  'CHK-WAF-O07': ['live', GATEWAY_SETTINGS],
  'CHK-WAF-P01': ['people', 'throughput is measured on the running line'],
  'CHK-WAF-P02': ['outside', 'sizes and loads of today are compared; growth is not part of the document'],
  'CHK-WAF-P03': ['live', 'FastPath is a setting of the connection resource'],
  'CHK-WAF-P04': ['live', ALERTS],
  'CHK-PSR-01': ['document', 'estate/unknown-gateway-sku for a size that no list has'],
  'CHK-PSR-03': ['live', GATEWAY_SETTINGS],
  'CHK-PSR-04': ['outside', NAMES],
  'CHK-PSR-05': ['outside', NAMES],
  'CHK-PSR-06': ['live', 'state of peerings, names and alerts are seen in Azure'],
  'CHK-AMBA-01': ['live', METRICS],
  'CHK-AMBA-02': ['live', METRICS],
  'CHK-AMBA-03': ['live', METRICS],
  'CHK-AMBA-04': ['live', METRICS],
  'CHK-AMBA-05': ['live', METRICS],
  'CHK-AMBA-06': ['live', METRICS],
  'CHK-AMBA-07': ['outside', VIRTUAL_WAN],
  'CHK-AMBA-08': ['live', METRICS],
  'CHK-AMBA-09': ['live', METRICS],
  'CHK-AMBA-10': ['live', METRICS],
  'CHK-AZQR-01': ['people', 'a statement about the contract; the figure is in the facts (ER-133)'],
  'CHK-PP-05': ['people', SESSIONS],
  'CHK-PP-07': ['command', FAILURES],
  'CHK-PP-08': ['people', CRITICAL],
  'CHK-PP-16': ['people', 'measured on the internet before the purchase; the rules say where a circuit does not help'],
  'CHK-M365-02': [
    'command',
    '`bothways report` writes the catalogue of flows with way, ports and outcome, and the round trips with translation and devices',
  ],
  'CHK-M365-11': ['command', FAILURES],
  'CHK-M365-12': ['command', '`bothways report` draws sites, edges, circuits and the ways there and back'],
  'CHK-M365-13': ['people', 'distances and detours are computed; measurements are the work of people'],
  'CHK-M365-14': ['people', 'estimates and a pilot are the work of people'],
  'CHK-M365-15': ['people', 'the paths are computed; that a second person has read them only people know'],
  'CHK-M365-17': [
    'outside',
    'records in public DNS are not part of the document; the rule looks at addresses of mail hosts',
  ],
  'CHK-M365-18': ['people', 'the order of a rollout is confirmed by those who do it'],
  'CHK-M365-19': ['people', 'tests on the running line'],
  'CHK-M365-20': ['people', 'address files are compared by `bothways facts update`; following the feed is a habit'],
  'CHK-GAP-01': ['document', 'estate/unknown-community, estate/cloud-mismatch, estate/private-peering-community'],
  'CHK-GAP-03': ['document', 'estate/not-public, estate/too-many-prefixes, estate/link-overlap'],
  'CHK-GAP-08': ['document', 'estate/too-many-prefixes'],
  'CHK-GAP-09': ['construction', 'both links of a peering share filter, prefixes and timers in the document'],
  'CHK-GAP-10': [
    'live',
    'needs the routes that the routers really received; the rule compares the limit with the facts',
  ],
  'CHK-GAP-11': ['command', FAILURES],
  'CHK-GAP-13': [
    'people',
    'every address of the published sets is followed through the rules; how a firewall names them is its own',
  ],
  'CHK-GAP-14': ['live', 'who edited a peering is seen in Azure'],
  'CHK-GAP-15': ['outside', 'plan files of deployment tools are not read'],
  'CHK-GAP-16': [
    'document',
    'estate/link-subnets, estate/link-overlap, estate/same-vlan, estate/bad-vlan, estate/reserved-asn, estate/private-asn',
  ],
  'CHK-GAP-17': ['people', SESSIONS],
  'CHK-GAP-18': [
    'command',
    '`bothways facts update` compares newer address files and says what changes for the estate',
  ],
  'CHK-GAP-19': ['construction', 'keys are held apart and printed as asterisks'],
  'CHK-GAP-20': ['outside', 'exported state and drawings are not read'],
};

/** Every id of the reviewers' lists in the facts, in the order of the lists. */
export function reviewCoverage(): readonly CoverageRow[] {
  const rulesOf = new Map<string, string[]>();
  for (const { name, ids } of RULES) {
    for (const id of ids) {
      const held = rulesOf.get(id);
      if (held === undefined) rulesOf.set(id, [name]);
      else held.push(name);
    }
  }
  const rowOf = (id: string, statement: string, reference: string): CoverageRow => {
    const reason = REASONS[id];
    return {
      id,
      statement,
      reference,
      rules: rulesOf.get(id) ?? [],
      reason: reason === undefined ? undefined : { kind: reason[0], text: reason[1] },
    };
  };
  return [
    ...checklist().map(({ id, statement, topic }: ChecklistItem) => rowOf(id, statement, topic)),
    ...reviewChecks().map(({ id, statement, reference }: ReviewCheck) => rowOf(id, statement, reference)),
  ];
}

/** Ids that a reason is written for. */
export function reasonedIds(): readonly string[] {
  return Object.keys(REASONS);
}
