/** A program that is killed in the middle by a test: raises a lab, says so, and waits. Its argument is the estate's folder. */
import { compiledEstate, planLab, startLab } from '../../src/index.ts';

const design = planLab(compiledEstate(process.argv[2] ?? ''));
if ('cannot' in design) throw new Error(design.cannot.join('; '));
process.stdout.write('building\n');
await startLab(design, 60);
process.stdout.write('up\n');
setInterval(() => {}, 1000);
