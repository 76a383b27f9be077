/** Pictures of an estate as SVG, the same in the report and in the gallery: the network, and a round trip with its words. */
import { checkOpened, type WayView } from '../check.ts';
import { type InputFile, type OpenOptions, openEstate } from '../estate-view.ts';
import type { Diagram } from './diagram.ts';
import { networkDiagram } from './network-diagram.ts';
import { type PathPicture, pathPictures } from './path-picture.ts';
import { viaWords } from './report-words.ts';
import { roundTripSvg, topologySvg } from './svg.ts';

export function networkSvg(topology: Diagram, estate: string): string {
  return topologySvg(topology, {
    id: 'topology',
    title: `The network of ${estate}`,
    description: `${topology.nodes.length} devices from ${topology.nodes[0]?.title ?? 'nobody'} to Microsoft, joined by ${topology.lines.length} lines.`,
  });
}

/** `id` is unique in the page. */
export function pathSvg({ trip, stops }: PathPicture, id: string): string {
  const chain = (way: WayView): string => way.hops.map(({ device }) => device).join(' → ');
  const back = trip.return === undefined ? 'nothing comes back' : chain(trip.return);
  const end = trip.droppedAt === undefined ? '' : ` Dropped at ${trip.droppedAt.device}: ${trip.droppedAt.reason}.`;
  const ways = {
    there: viaWords(trip.forward.via),
    back: trip.return === undefined ? 'none' : viaWords(trip.return.via),
  };
  return roundTripSvg(stops, ways, {
    id,
    title: `${trip.flow} from ${trip.source} to ${trip.destination}, ${trip.outcome}`,
    description: `There: ${chain(trip.forward)}. Back: ${back}.${end}`,
  });
}

/** What a gallery shows of an estate. */
export interface EstatePictures {
  readonly network: string;
  /** One for each story, broken ones first. */
  readonly roundTrips: readonly { readonly title: string; readonly svg: string }[];
}

/** Undefined: the document has errors. */
export function estatePictures(files: readonly InputFile[], options: OpenOptions = {}): EstatePictures | undefined {
  const opened = openEstate(files, options);
  const { report } = checkOpened(opened, options);
  if (opened.view === undefined || report === undefined) return undefined;
  return {
    network: networkSvg(networkDiagram(opened.view), report.estate),
    roundTrips: pathPictures(report.roundTrips).map((picture, at) => ({
      title: `${picture.trip.flow} ${picture.trip.flowName}: ${picture.trip.source} to ${picture.trip.destination} (${picture.trip.outcome})`,
      svg: pathSvg(picture, `path-${at + 1}`),
    })),
  };
}
