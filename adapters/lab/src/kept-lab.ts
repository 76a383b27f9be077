/** A program that is killed in the middle (`kill-run.ts`): raises a lab, tells of it, and waits. Arguments: estate, name. */
import { compiledEstate } from './estate-folder.ts';
import { startLab } from './lab.ts';
import { serveQuestions } from './lab-control.ts';
import { planLab } from './lab-design.ts';
import { announceLab } from './running-labs.ts';

const [folder = '', name = 'kept'] = process.argv.slice(2);
const design = planLab(compiledEstate(folder));
if ('cannot' in design) throw new Error(design.cannot.join());
process.stdout.write('building\n');
const lab = await startLab(design, 120);
const { socket } = announceLab(name, folder, lab);
await serveQuestions(socket, () => Promise.resolve(null));
process.stdout.write('up\n');
setInterval(() => {}, 1000);
