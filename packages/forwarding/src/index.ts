export { AddressSpace, type AtomIx, type Piece } from './address-space.ts';
export { DISPOSITION_CONDITIONS, type Disposition, outcomeOf } from './disposition.ts';
export { type Hop, lastHop, type Packet, type PacketPath, type SessionState, type Step } from './path.ts';
export {
  type DataPlane,
  type RoundTrip,
  roundTrips,
  roundTripsOf,
  type Symmetry,
  type Via,
  viaText,
  type Way,
} from './round-trip.ts';
export { deviceAt, linkAt, type Subject, type WalkInput, walkAnswer, walkRequest } from './walk.ts';
