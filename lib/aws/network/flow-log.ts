import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { CfnFlowLog, type CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EncryptionKey } from '../encryption/encryption-key';
import type { Lifecycle } from '../lifecycle';

/** Flow logs of a VPC: all traffic, minute by minute, into an encrypted log group. @internal */
export class FlowLog extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly vpc: CfnVPC; readonly encryptionKey: EncryptionKey; readonly lifecycle: Lifecycle },
  ) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Group', {
      encryptionKey: props.encryptionKey,
      retention: props.lifecycle.logRetention,
      removalPolicy: props.lifecycle.removalPolicy,
    });
    const role = new Role(this, 'Role', {
      description: 'lets VPC flow logs write into their log group',
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': Stack.of(this).formatArn({ service: 'ec2', resource: 'vpc-flow-log', resourceName: '*' }) },
        },
      }),
    });
    const policy = new Policy(this, 'Policy', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          resources: [logGroup.logGroupArn],
        }),
        new PolicyStatement({
          actions: ['logs:DescribeLogGroups'],
          resources: [
            Stack.of(this).formatArn({
              service: 'logs',
              resource: 'log-group',
              resourceName: '*',
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          ],
        }),
      ],
    });
    const log = new CfnFlowLog(this, 'Log', {
      resourceId: props.vpc.ref,
      resourceType: 'VPC',
      trafficType: 'ALL',
      maxAggregationInterval: 60,
      logDestinationType: 'cloud-watch-logs',
      logGroupName: logGroup.logGroupName,
      deliverLogsPermissionArn: role.roleArn,
    });
    log.node.addDependency(policy);
  }
}
