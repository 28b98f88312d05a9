import { control, fail, pass, resources, undecided } from '../control';
import { STAGE, stageBelowProduction } from '../lifecycle-stage';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { isUnknown, numberOf, shownValue } from '../template-values';

const KEPT = ['Retain', 'RetainExceptOnCreate'];
const DAYS = 30;
const key = (properties: object = {}, rest: object = { DeletionPolicy: 'Retain' }) =>
  template({ Key: resource('AWS::KMS::Key', { ...properties }, { ...rest }) });

/** KMS waits 30 days where nothing is said. A key that says in its metadata that it may be lost is let go. */
export const keySurvival = control({
  id: 'A-KMS-05',
  title: 'keys of production survive their stack, and wait 30 days before they are deleted',
  because: 'what was encrypted with a deleted key is gone, backups included',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'backup',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['permission-mistake'],
  subjects: resources('AWS::KMS::Key'),
  judge: (subject) => {
    if (stageBelowProduction(subject) !== undefined) return pass;
    const { deletionPolicy = 'Delete' } = subject;
    if (!KEPT.includes(deletionPolicy))
      return fail(`the DeletionPolicy of the key is ${deletionPolicy}, it must be Retain`, 'DeletionPolicy');
    const { PendingWindowInDays: window } = subject.properties;
    if (window === undefined) return pass;
    if (isUnknown(window))
      return undecided(`property PendingWindowInDays is decided at deployment (${shownValue(window)})`, 'Properties.PendingWindowInDays');
    const days = numberOf(window);
    return days !== undefined && days >= DAYS
      ? pass
      : fail(`property PendingWindowInDays is ${shownValue(window)}, it must be ${DAYS}`, 'Properties.PendingWindowInDays');
  },
  remedy: `set DeletionPolicy to Retain and PendingWindowInDays to 30; a key that may be lost says so in its metadata, ${STAGE}: staging or ephemeral`,
  references: { fsbp: ['KMS.3'] },
  examples: {
    holds: [
      key({ PendingWindowInDays: 30 }),
      key({}, { DeletionPolicy: 'RetainExceptOnCreate' }),
      key({ PendingWindowInDays: 7 }, { Metadata: { [STAGE]: 'ephemeral' } }),
    ],
    breaks: [key({}, {}), key({}, { DeletionPolicy: 'Delete' }), key({ PendingWindowInDays: 7 }), key({ PendingWindowInDays: '14' })],
    undecided: [key({ PendingWindowInDays: setting })],
  },
});
