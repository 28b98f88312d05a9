import { main } from '../../lib/hosts/cli/main';
import { run } from '../../lib/hosts/cli/run';
import { encrypted, labelled, versioned } from '../audit/fakes';

/** The command line in a process of its own, with three controls. */
void main((argv, io) => run(argv, io, () => ({ allControls: [labelled, encrypted, versioned], ids: [] })));
