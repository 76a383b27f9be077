/**
 * Addresses of hosts that are the kernel's own: in the first namespace of the sandbox, where an interface stands behind
 * each device of the lab. Which device an address is behind, rules of routing say; packets go to and fro through the
 * process that plays the hosts (`hosts.ts`).
 */
import type { Family } from '@bothways/net';
import type { DeviceIx } from '@bothways/network';
import { ipBatch } from './ip-batch.ts';
import { HOST_NEIGHBOUR, type KernelPlan, neighbourMac } from './kernel-plan.ts';
import { hostsEnd, realEnds } from './kernel-script.ts';
import type { Sandbox } from './sandbox.ts';

/** The packets that a host sends from a port carry a code (`flowCode`). */
export type Code = readonly [address: string, protocol: 'tcp' | 'udp', port: number, code: number];

export class Ends {
  readonly #sandbox: Sandbox;
  readonly #plan: KernelPlan;
  #isReady = false;

  constructor(sandbox: Sandbox, plan: KernelPlan) {
    this.#sandbox = sandbox;
    this.#plan = plan;
  }

  /** Does the work while the addresses are there, each behind its device. */
  async during<Result>(
    places: ReadonlyMap<string, DeviceIx>,
    codes: readonly Code[],
    work: (sandbox: Sandbox) => Promise<Result>,
  ): Promise<Result> {
    if (!this.#isReady) await this.#prepare();
    await this.#shell(placing(places, 'add'));
    await this.#rules(codes);
    try {
      return await work(this.#sandbox);
    } finally {
      await this.#shell(placing(places, 'del')).catch(() => {});
    }
  }

  async #rules(codes: readonly Code[]): Promise<void> {
    const marks = codes.map(([address, protocol, port, code]) => {
      const header = address.includes(':') ? 'ip6' : 'ip';
      return `${header} saddr ${address} ${protocol} sport ${port} ${header} dscp set ${code}`;
    });
    const input = [
      'table inet ends',
      'delete table inet ends',
      'table inet ends { chain out { type filter hook output priority -150; policy accept;',
      ...marks,
      '}',
      '}',
      '',
    ].join('\n');
    const { status, errors } = await this.#sandbox.run({ argv: ['nft', '-f', '-'], input });
    if (status !== 0) throw new Error(`the ends of connections: ${errors.trim()}`);
  }

  /** The interfaces behind the devices, once. */
  async #prepare(): Promise<void> {
    const { namespace, near, far, gateways } = realEnds;
    await this.#batch(
      undefined,
      [
        `netns add ${namespace}`,
        `link add name ends type veth peer name ends netns ${namespace}`,
        `addr add ${near}/30 dev ends`,
        'link set dev ends up',
        '',
      ].join('\n'),
    );
    const { devices } = this.#plan;
    const names = devices.map(({ device }) => `x${device.ix}`);
    await this.#batch(
      namespace,
      [
        'link set dev lo up',
        `addr add ${far}/30 dev ends`,
        'link set dev ends up',
        ...devices.map(
          ({ vni }, at) =>
            `link add name ${names[at]} mtu 1500 address ${neighbourMac(HOST_NEIGHBOUR)} netns 1 type vxlan id ${vni} remote ${near} dstport ${hostsEnd.port} nolearning`,
        ),
        '',
      ].join('\n'),
    );
    const shell = [
      'for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done',
      'for f in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 > $f; done',
      'for f in /proc/sys/net/ipv6/conf/*/addr_gen_mode; do echo 1 > $f; done',
      // A client and a service may both be here.
      'echo 1 > /proc/sys/net/ipv4/conf/all/accept_local',
      // Where a packet goes is looked for before whether its address is here.
      ...([4, 6] as const).flatMap((family) =>
        ipBatch(['rule add pref 100 lookup local', 'rule del pref 0'], { family }),
      ),
      ...ipBatch(
        devices.flatMap(({ device }, at) => [
          `link set dev ${names[at]} up`,
          ...([4, 6] as const).flatMap((family) => [
            `neigh replace ${gateways[family]} lladdr ${hostsEnd.mac} dev ${names[at]} nud permanent`,
            `route add ${anywhere[family]} via ${gateways[family]} dev ${names[at]} onlink table ${tableOf(device.ix)}`,
          ]),
        ]),
      ),
      '',
    ].join('\n');
    await this.#shell(shell);
    await this.#sandbox.relay();
    this.#isReady = true;
  }

  async #shell(input: string): Promise<void> {
    const { status, errors } = await this.#sandbox.run({ argv: ['sh', '-s'], input });
    if (status !== 0 || errors !== '') throw new Error(`the ends of connections: ${errors.trim()}`);
  }

  async #batch(namespace: string | undefined, input: string): Promise<void> {
    const where = namespace === undefined ? {} : { namespace };
    const { status, errors } = await this.#sandbox.run({ ...where, argv: ['ip', '-batch', '-'], input });
    if (status !== 0 || errors !== '') throw new Error(`the ends of connections: ${errors.trim()}`);
  }
}

/** Rules of one family go into one batch: `ip` cannot change the family on the way. */
function placing(places: ReadonlyMap<string, DeviceIx>, verb: 'add' | 'del'): string {
  return ([4, 6] as const)
    .flatMap((family) =>
      ipBatch(
        [...places]
          .filter(([address]) => address.includes(':') === (family === 6))
          .flatMap(([address, device]) => {
            const host = `${address}/${family === 4 ? 32 : 128}`;
            return [
              `addr ${verb} ${host} dev lo${verb === 'add' && family === 6 ? ' nodad' : ''}`,
              `rule ${verb} pref 10 from ${host} iif lo lookup ${tableOf(device)}`,
            ];
          }),
        { family },
      ),
    )
    .map((line) => `${line}\n`)
    .join('');
}

const anywhere: Readonly<Record<Family, string>> = { 4: '0.0.0.0/0', 6: '::/0' };

function tableOf(device: DeviceIx): number {
  return 10_000 + device;
}
