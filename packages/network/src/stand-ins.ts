/**
 * Public addresses of things whose real ones nobody knows: a roaming user, a machine in Azure that leaves by the
 * outbound access of its network. Taken from the benchmarking blocks (RFC 2544, RFC 5180), which no estate announces
 * and no address file holds, so that a stand-in never decides a route of a real address.
 */
import { type Address, hostPrefix, nthAddress, type Prefix, prefix } from '@bothways/net';

const ROAMING = [prefix('198.18.0.0/16'), prefix('2001:2:0:1::/64')] as const;
const AZURE = [prefix('198.19.0.0/16'), prefix('2001:2:0:2::/64')] as const;

/** Hands out one address of each family to every user group and virtual network, in the order they are asked for. */
export class StandIns {
  readonly #blocks: readonly [Prefix, Prefix];
  #next = 1n;

  private constructor(blocks: readonly [Prefix, Prefix]) {
    this.#blocks = blocks;
  }

  static roaming(): StandIns {
    return new StandIns(ROAMING);
  }

  static azure(): StandIns {
    return new StandIns(AZURE);
  }

  /** A public resolver: the last addresses but one, which no group gets to. */
  static resolver(): readonly Address[] {
    return ROAMING.map((block) => nthAddress(block, 0xfffen));
  }

  next(): readonly [Prefix, Prefix] {
    const [block4, block6] = this.#blocks;
    const at = (block: Prefix): Address => nthAddress(block, this.#next);
    const pair: readonly [Prefix, Prefix] = [hostPrefix(at(block4)), hostPrefix(at(block6))];
    this.#next += 1n;
    return pair;
  }
}
