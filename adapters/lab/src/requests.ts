/** What the lab and its supervisor inside the sandbox say to each other: one JSON object per line, both ways. */

export type Request =
  /** Runs a program to its end, inside a namespace when one is named. */
  | {
      readonly op: 'run';
      readonly namespace?: string;
      readonly argv: readonly string[];
      readonly input?: string;
      readonly seconds: number;
    }
  /** Several at once, `width` at a time; the answer is a list in the same order. */
  | { readonly op: 'run-all'; readonly runs: readonly Run[]; readonly width: number; readonly seconds: number }
  | { readonly op: 'write'; readonly files: readonly { readonly path: string; readonly text: string }[] }
  /** Starts a daemon in the foreground and waits until it is ready. */
  | { readonly op: 'start'; readonly daemons: readonly Daemon[]; readonly width: number; readonly seconds: number }
  /** Ends daemons at once, as a loss of power does; the answer comes when they are gone. */
  | { readonly op: 'kill'; readonly keys: readonly string[] }
  /** One command to a daemon's control socket. */
  | { readonly op: 'ask'; readonly asks: readonly Ask[]; readonly seconds: number }
  /** Daemons that have ended, with what they said. */
  | { readonly op: 'ended' }
  /** Sends packets as hosts and answers as servers; the answer is a list of reports in the same order (`trace.ts`). */
  | { readonly op: 'probe'; readonly probes: readonly Probe[] }
  /** Hands packets to and fro between the devices and the real ends of connections, from now on. */
  | { readonly op: 'relay' }
  /** Real TCP connections, all at once; the answer is a list of results in their order. */
  | { readonly op: 'connect'; readonly connections: readonly Connect[]; readonly listeners: readonly Listener[] }
  /** Questions for names over UDP, all at once; the answer is a list of results in their order. */
  | { readonly op: 'look-up'; readonly lookUps: readonly LookUp[]; readonly servers: readonly NameServer[] }
  /** Frames that came in over these VXLANs since the last time; the first time begins to keep them. */
  | { readonly op: 'captured'; readonly vnis: readonly number[] }
  /** Ends that. */
  | { readonly op: 'release'; readonly vnis: readonly number[] };

/** Numbers of VXLANs from here on carry captured frames. */
export const FIRST_CAPTURE_VNI = 0xf0_0000;

export interface Probe {
  /** VXLAN of the device that the host is behind. */
  readonly vni: number;
  /** Number that the packet carries, unique among those under way. */
  readonly trip: number;
  /** Life of the answer. */
  readonly life: number;
  /** The IP packet, base64. */
  readonly packet: string;
}

export interface Connect {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly port: number;
  /** Where the proxy at the destination is to connect, 'host:port'; absent: there is no proxy. */
  readonly target?: string;
  /** After which the client gives up. */
  readonly milliseconds: number;
}

export type Listener =
  | { readonly kind: 'service'; readonly address: string; readonly port: number }
  /** `ports`: by 'address port' of a target, the local port of the connection to it. */
  | {
      readonly kind: 'proxy';
      readonly address: string;
      readonly port: number;
      readonly ports: Readonly<Record<string, number>>;
    };

export interface LookUp {
  readonly source: string;
  readonly sourcePort: number;
  readonly server: string;
  readonly name: string;
  readonly family: 4 | 6;
  /** After which the client gives up. */
  readonly milliseconds: number;
}

export interface NameServer {
  readonly address: string;
  /** Addresses by name; what is absent does not exist. */
  readonly zone: Readonly<Record<string, readonly string[]>>;
}

export interface LookUpResult {
  readonly end: 'answered' | 'no-such-name' | 'timed-out';
  readonly addresses: readonly string[];
}

export interface ConnectionResult {
  readonly end: 'connected' | 'timed-out' | 'refused' | 'failed';
  readonly milliseconds: number;
  /** The client's address as the service saw it. */
  readonly seen?: string;
}

export interface Run {
  readonly namespace?: string;
  readonly argv: readonly string[];
  readonly input?: string;
}

export interface Daemon {
  readonly key: string;
  readonly namespace: string;
  readonly folder: string;
  readonly argv: readonly string[];
  /** A socket, or a file with something in it. */
  readonly ready: string;
}

export interface Ask {
  readonly socket: string;
  /** 'gobgp' has no text socket: its own client asks. */
  readonly dialect: 'frr' | 'bird' | 'gobgp';
  readonly command: string;
}

export interface RunResult {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

export interface Ended {
  readonly key: string;
  readonly status: string;
  readonly errors: string;
}

export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly problem: string };

export interface Envelope {
  readonly id: number;
  readonly request: Request;
}

export function isEnvelope(value: unknown): value is Envelope {
  return typeof value === 'object' && value !== null && 'id' in value && 'request' in value;
}

export function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && 'id' in value && 'ok' in value;
}
