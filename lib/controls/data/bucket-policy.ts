import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { names } from '../template-values';

/** The policies of a bucket that are in the inventory. */
export function policiesOf(inventory: Inventory, bucket: CloudFormationResource): readonly CloudFormationResource[] {
  return inventory.ofType('AWS::S3::BucketPolicy').filter(({ properties }) => names(inventory, properties.Bucket, bucket, 'BucketName'));
}
