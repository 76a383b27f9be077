/** What an ExpressRoute gateway carries by its size (ER-165). */
import type { VnetGateway } from '@bothways/estate';
import { gatewayFigures, scalableGatewayFigures } from '@bothways/facts';

/** Bits per second in the best case; undefined: a size without a figure, or no scale units stated. */
export function throughputOf({ sku, scaleUnits }: VnetGateway): number | undefined {
  const fixed = gatewayFigures.find((each) => each.sku === sku || each.zonalSku === sku);
  if (fixed !== undefined) return fixed.throughputMbps * 1e6;
  if (scaleUnits === undefined) return undefined;
  const perUnit = scalableGatewayFigures.find(
    ({ unitsFrom, unitsTo }) => scaleUnits >= unitsFrom && scaleUnits <= unitsTo,
  );
  return perUnit === undefined ? undefined : perUnit.throughputMbpsPerUnit * scaleUnits * 1e6;
}
