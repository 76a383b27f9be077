/** Builds planned data planes in a sandbox, sends packets through them, and asks their tables. */
import type { Address } from '@bothways/net';
import { formatAddress } from '@bothways/net';
import type { DeviceIx, LinkIx } from '@bothways/network';
import { encode } from './frames.ts';
import { type BoxDevice, type DropReason, dropReasons, flowCode, type KernelPlan, mark } from './kernel-plan.ts';
import { dataPlaneShell, hostLinks, hostsEnd, hostsFarScript, hostsScript, kernelScript } from './kernel-script.ts';
import type { Question } from './packet-prediction.ts';
import { counterName } from './render-nftables.ts';
import type { Probe } from './requests.ts';
import { field, type Sandbox, valuesOf } from './sandbox.ts';
import { readReports, type Trace } from './trace.ts';

/** Once per sandbox, before any data plane. */
export async function prepareHosts(sandbox: Sandbox): Promise<void> {
  await batch(sandbox, undefined, hostsScript);
  await batch(sandbox, hostsEnd.namespace, hostsFarScript);
}

export async function buildKernel(sandbox: Sandbox, plans: readonly KernelPlan[]): Promise<void> {
  const script = kernelScript(plans);
  await batch(sandbox, undefined, script.namespaces);
  await batch(sandbox, undefined, script.links);
  await batch(sandbox, hostsEnd.namespace, hostLinks(plans));
  const results = await sandbox.runAll(
    script.boxes.map(({ name, shell }) => ({ namespace: name, argv: ['sh', '-s'], input: shell })),
  );
  for (const [at, { status, errors }] of results.entries()) {
    if (errors !== '' || status !== 0) throw new Error(`box ${script.boxes[at]?.name}: ${errors.trim()}`);
  }
}

/** The interfaces towards the hosts, in namespaces that are there. */
export async function addHosts(sandbox: Sandbox, plans: readonly KernelPlan[]): Promise<void> {
  await batch(sandbox, hostsEnd.namespace, hostLinks(plans));
}

/** Rules and translation, in namespaces whose tables somebody else fills. */
export async function addRules(sandbox: Sandbox, { network, boxes }: KernelPlan): Promise<void> {
  const results = await sandbox.runAll(
    boxes.map((box) => ({ namespace: box.name, argv: ['sh', '-s'], input: dataPlaneShell(network, box) })),
  );
  for (const [at, { status, errors }] of results.entries()) {
    if (errors !== '' || status !== 0) throw new Error(`node ${boxes[at]?.name}: ${errors.trim()}`);
  }
}

export async function removeKernel(sandbox: Sandbox, plans: readonly KernelPlan[]): Promise<void> {
  await batch(sandbox, undefined, kernelScript(plans).removal);
}

async function batch(sandbox: Sandbox, namespace: string | undefined, input: string): Promise<void> {
  const { errors } = await sandbox.run({
    ...(namespace === undefined ? {} : { namespace }),
    argv: ['ip', '-batch', '-'],
    input,
  });
  if (errors !== '')
    throw new Error(`the sandbox could not be built: ${errors.trim().split('\n').slice(0, 3).join('; ')}`);
}

export interface Sending {
  readonly plan: KernelPlan;
  readonly question: Question;
}

/** A packet whose reports are not whole is sent again under another number: a report may be lost, a route may not. */
const ATTEMPTS = 3;

export class Sender {
  readonly #sandbox: Sandbox;
  #trip = 0;
  #repeated = 0;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** How many packets were sent again. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Traces in the order of the sendings. */
  async send(sendings: readonly Sending[]): Promise<readonly Trace[]> {
    const traces = [...(await this.#once(sendings))];
    for (let attempt = 2; attempt <= ATTEMPTS; attempt++) {
      const again = traces.flatMap((trace, at) => (trace.isWhole ? [] : [at]));
      if (again.length === 0) break;
      this.#repeated += again.length;
      const more = await this.#once(again.flatMap((at) => sendings[at] ?? []));
      for (const [ix, at] of again.entries()) {
        const trace = more[ix];
        if (trace !== undefined) traces[at] = trace;
      }
    }
    return traces;
  }

  async #once(sendings: readonly Sending[]): Promise<readonly Trace[]> {
    const probes = sendings.map(({ plan, question }) => probeOf(plan, question, this.#nextTrip()));
    const reports = await this.#sandbox.probe(probes);
    return sendings.map(({ plan }, at) => readReports(plan, reports[at] ?? '', lifeIn(plan)));
  }

  #nextTrip(): number {
    this.#trip = (this.#trip + 1) % 0xffff_fff0;
    return this.#trip;
  }
}

/** Enough for every way without a loop, translations included; a loop ends the sooner. */
function lifeIn({ devices }: KernelPlan): number {
  return Math.min(255, 2 * devices.length + 8);
}

function probeOf(plan: KernelPlan, question: Question, trip: number): Probe {
  const device = plan.devices[question.start];
  if (device === undefined) throw new RangeError(`device ${question.start}`);
  const life = lifeIn(plan);
  const packet = encode({
    family: question.source.family,
    ...question.transport,
    source: question.source.bits,
    destination: question.destination.bits,
    dscp: question.flow === undefined ? 1 : flowCode(plan.network, question.flow),
    life,
    trip,
    direction: 'request',
  });
  return { vni: device.vni, trip, life, packet: Buffer.from(packet).toString('base64') };
}

/** What `ip route get` says of an address: the links of the next hop, or a word. */
export type KernelAnswer =
  | { readonly kind: 'forward'; readonly link: LinkIx }
  | { readonly kind: 'deliver' | 'discard' | 'none' };

export interface TableQuestion {
  readonly plan: KernelPlan;
  readonly device: DeviceIx;
  readonly addresses: readonly Address[];
}

/** Answers of the kernel's tables, in the order of the questions and of their addresses. */
export async function askTables(
  sandbox: Sandbox,
  questions: readonly TableQuestion[],
): Promise<readonly (readonly (KernelAnswer | string)[])[]> {
  const runs = questions.map(({ plan, device: ix, addresses }) => {
    const device = deviceOf(plan, ix);
    const lines = addresses.map(
      (each) => `ip -o route get ${formatAddress(each)} mark ${mark(device.slot)} 2>&1; echo ===`,
    );
    return { namespace: device.box, argv: ['sh', '-s'], input: lines.join('\n') };
  });
  const results = await sandbox.runAll(runs);
  return questions.map(({ plan, device, addresses }, at) => {
    const answers = (results[at]?.output ?? '').split('===\n');
    return addresses.map((_, ix) => answerOf(deviceOf(plan, device), answers[ix] ?? ''));
  });
}

function deviceOf(plan: KernelPlan, ix: DeviceIx): BoxDevice {
  const device = plan.devices[ix];
  if (device === undefined) throw new RangeError(`device ${ix}`);
  return device;
}

/** A text where the words are new to us. */
function answerOf(device: BoxDevice, text: string): KernelAnswer | string {
  if (/Invalid argument|^blackhole/.test(text)) return { kind: 'discard' };
  if (/No route to host|Network is unreachable|^unreachable/.test(text)) return { kind: 'none' };
  const name = / dev (\S+)/.exec(text)?.[1];
  if (name === device.host) return { kind: 'deliver' };
  const port = device.ports.find((each) => each.interface === name);
  return port === undefined ? text.trim() : { kind: 'forward', link: port.link };
}

export interface Drops {
  readonly device: DeviceIx;
  readonly reason: DropReason;
  /** Since the data plane was built. */
  readonly packets: number;
}

/** What the counters of the devices say was dropped, where it was anything; by device. */
export async function readDrops(sandbox: Sandbox, { boxes }: KernelPlan): Promise<readonly Drops[]> {
  const runs = boxes.map(({ name }) => ({ namespace: name, argv: ['nft', '-j', 'list', 'counters'] }));
  const results = await sandbox.runAll(runs);
  return boxes
    .flatMap(({ devices }, at): readonly Drops[] => {
      const counters = countersIn(results[at]?.output ?? '');
      return devices.flatMap((device) =>
        dropReasons.map((reason) => ({
          device: device.device.ix,
          reason,
          packets: counters.get(counterName(device, reason)) ?? 0,
        })),
      );
    })
    .filter(({ packets }) => packets > 0)
    .sort((a, b) => a.device - b.device);
}

/** Both families together. */
function countersIn(text: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  const read: unknown = JSON.parse(text === '' ? '{}' : text);
  for (const item of valuesOf(field(read, 'nftables'))) {
    const counter = field(item, 'counter');
    if (counter === undefined) continue;
    const name = String(field(counter, 'name'));
    sums.set(name, (sums.get(name) ?? 0) + Number(field(counter, 'packets')));
  }
  return sums;
}
