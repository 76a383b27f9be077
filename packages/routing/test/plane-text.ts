/** Everything a control plane says, as text: two control planes are equal when their texts are. */
import { attributeNames, attributeTable, type Candidate, type ControlPlane } from '../src/index.ts';

function routeText(route: Candidate | undefined): string {
  if (route === undefined) return 'none';
  const attributes = attributeNames.map((name) => attributeTable[name].format(route.attributes));
  const own = `${route.kind} at ${route.device} over ${route.session} from ${route.neighbour}`;
  return `${own} (${attributes.join(', ')}) <- ${routeText(route.parent)}`;
}

export function planeText(plane: ControlPlane): string {
  const lines: string[] = [JSON.stringify(plane.sessions), JSON.stringify(plane.limitsReached)];
  const { outcome } = plane;
  lines.push(outcome.kind);
  if (outcome.kind === 'oscillates') {
    for (const { classes, turns } of outcome.cycles) {
      lines.push(`cycle of ${classes.join()}`);
      for (const { device, from, to } of turns) lines.push(`${device}: ${routeText(from)} => ${routeText(to)}`);
    }
    lines.push(`undecided ${outcome.undecided.join()}`);
  }
  for (const { ix } of plane.network.devices) {
    for (const entry of plane.fibs[ix]?.entries() ?? []) lines.push(`${ix} ${JSON.stringify(entry)}`);
    for (const { ix: classIx } of plane.classes) {
      const decision = plane.decision(ix, classIx);
      if (decision === undefined) continue;
      lines.push(`${ix} ${classIx} tie ${decision.tieBrokenBy}`);
      for (const route of decision.best) lines.push(`  best ${routeText(route)}`);
      for (const { step, value, winnerValue, candidate, winner } of decision.lost) {
        lines.push(`  lost by ${step} ${value} ${winnerValue}: ${routeText(candidate)} to ${routeText(winner)}`);
      }
      for (const route of plane.received(ix, classIx)) {
        lines.push(`  received ${route.session} ${route.stopped} ${JSON.stringify([route.exported, route.imported])}`);
      }
    }
  }
  return lines.join('\n');
}
