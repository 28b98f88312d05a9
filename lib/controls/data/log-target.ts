import { statementsOf } from '../../inventory/join';
import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { principals } from '../iam/trust';
import { at, names } from '../template-values';
import { policiesOf } from './bucket-policy';

/** Services that deliver logs, some of which write to buckets with keys of S3 alone. */
const DELIVERY = ['logging.s3.amazonaws.com', 'delivery.logs.amazonaws.com', 'logdelivery.elasticloadbalancing.amazonaws.com'];

/** True for a bucket that receives logs: of another bucket, or from a service that its policy lets write. */
export function receivesLogs(inventory: Inventory, bucket: CloudFormationResource): boolean {
  if (bucket.properties.AccessControl === 'LogDeliveryWrite') return true;
  const named = inventory
    .ofType('AWS::S3::Bucket')
    .some(
      (other) =>
        other !== bucket && names(inventory, at(other.properties, 'LoggingConfiguration.DestinationBucketName'), bucket, 'BucketName'),
    );
  return (
    named ||
    policiesOf(inventory, bucket).some(({ properties }) =>
      statementsOf(properties.PolicyDocument).some(
        (statement) =>
          statement.Effect === 'Allow' && principals(statement, 'Service').some((service) => DELIVERY.includes(String(service))),
      ),
    )
  );
}
