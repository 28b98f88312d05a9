import type { KubernetesObject } from '../../inventory/model';
import type { JsonObject } from '../../inventory/value';
import { control, fail, pass, type Subjects, undecided } from '../control';
import { ofGroup } from '../kubernetes-objects';
import { manifests } from '../pod-examples';
import { child, shown } from '../pod-template';
import { Severity } from '../severity';

/** The drivers and the provisioner of EBS: others take their encryption from the file system that they mount. */
const EBS = ['ebs.csi.aws.com', 'ebs.csi.eks.amazonaws.com', 'kubernetes.io/aws-ebs'];

/** Storage classes that make EBS volumes, and persistent volumes that stand for one. */
const disks: Subjects<KubernetesObject> = {
  description: 'StorageClass, PersistentVolume',
  *select(inventory) {
    for (const resource of ofGroup(inventory, 'storage.k8s.io', 'StorageClass')) {
      if (EBS.includes(resource.object.provisioner as string)) yield { resource, value: resource };
    }
    for (const resource of ofGroup(inventory, '', 'PersistentVolume')) {
      const spec = child(resource.object, 'spec');
      if (EBS.includes(child(spec, 'csi').driver as string) || spec.awsElasticBlockStore !== undefined) yield { resource, value: resource };
    }
  },
};

const storageClass = (provisioner: string, parameters?: JsonObject): JsonObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'disk' },
  provisioner,
  ...(parameters === undefined ? {} : { parameters }),
});

export const storageEncryption = control({
  id: 'K-SEC-06',
  title: 'storage classes make encrypted volumes',
  because: 'a class that says nothing leaves it to a setting of the account and region, and a snapshot of an open volume is open',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'encryption',
  boundary: 'cluster',
  carrier: 'platform-team',
  threats: ['credential-leak'],
  subjects: disks,
  judge: ({ kind, name, object }) => {
    if (kind === 'PersistentVolume')
      return undecided(`the volume of PersistentVolume ${name} exists already, and only AWS knows whether it is encrypted`, 'spec');
    const { encrypted } = child(object, 'parameters');
    return String(encrypted).toLowerCase() === 'true'
      ? pass
      : fail(`the parameter encrypted of StorageClass ${name} is ${shown(encrypted)}, it must be "true"`, 'parameters.encrypted');
  },
  remedy: 'set the parameter encrypted to "true" and kmsKeyId to a key of your own; a class cannot be changed, so make another',
  references: { nsa: ['secrets'], scanners: { kubescape: ['C-0264'] } },
  examples: {
    holds: manifests(storageClass(EBS[0], { encrypted: 'true', type: 'gp3' }), storageClass(EBS[1], { encrypted: 'True' })),
    breaks: manifests(storageClass(EBS[0]), storageClass(EBS[0], { type: 'gp3' }), storageClass(EBS[2], { encrypted: 'false' })),
    undecided: manifests({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'old' },
      spec: { csi: { driver: EBS[0], volumeHandle: 'vol-0123456789abcdef0' } },
    }),
  },
});
