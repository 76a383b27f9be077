/** The data plane: atoms, packets with translation and state, round trips in both directions. */
export { AddressSpace, type AtomIx, type Piece } from './address-space.ts';
export { type Conversation, type ConversationSource, demandOf, outbound, type Written } from './conversation.ts';
export { DISPOSITION_CONDITIONS, type Disposition, outcomeOf } from './disposition.ts';
export { applyExhaustion } from './exhaustion.ts';
export { type FamilyPair, familyPairs } from './families.ts';
export type { Branch } from './legs.ts';
export { type PathMtu, pathMtu } from './mtu.ts';
export { type NetworkState, stateOf } from './network-state.ts';
export { answerTo, type Packet, type Protocol, type Transport } from './packet.ts';
export { type Choice, type Hop, lastHop, type PacketPath, type SessionState, type Step } from './path.ts';
export type { TripOutcome } from './possibilities.ts';
export type { ChooseProxy, FirmChoice, ProxyChoice, ProxyOrDirect } from './relay.ts';
export {
  branchesOfTrip,
  type DataPlane,
  type RoundTrip,
  type RoundTripOptions,
  roundTrips,
  roundTripsOf,
  roundTripsOfDemand,
  walkInput,
} from './round-trip.ts';
export type { ExhaustedPool } from './translation.ts';
export { deviceAt, linkAt, type Subject, walkAnswer, walkRequest } from './walk.ts';
export type { WalkInput } from './walk-input.ts';
export { type Asymmetry, bordersOf, type Symmetry, type Via, viaText, type Way } from './ways.ts';
