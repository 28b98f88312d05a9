/** A set of actions that together make their holder an administrator of the account. */
export interface Escalation {
  readonly name: string;
  readonly actions: readonly string[];
  /** The service a role is passed to: a PassRole that is limited to other services does not serve. */
  readonly passedTo?: string;
}

const alone = (...actions: string[]): Escalation[] => actions.map((action) => ({ name: action, actions: [action] }));
const passing = (name: string, passedTo: string, ...actions: string[]): Escalation => ({
  name,
  actions: ['iam:PassRole', ...actions],
  passedTo,
});

/** The known ways from some permissions to all of them, as cloudsplaining and the research before it list them, with those of EKS beside them. */
export const ESCALATIONS: readonly Escalation[] = [
  ...alone(
    'iam:AddUserToGroup',
    'iam:AttachGroupPolicy',
    'iam:AttachRolePolicy',
    'iam:AttachUserPolicy',
    'iam:CreateAccessKey',
    'iam:CreateLoginProfile',
    'iam:CreatePolicyVersion',
    'iam:PutGroupPolicy',
    'iam:PutRolePolicy',
    'iam:PutUserPolicy',
    'iam:SetDefaultPolicyVersion',
    'iam:UpdateLoginProfile',
    'lambda:UpdateFunctionCode',
    'glue:UpdateDevEndpoint',
  ),
  { name: 'a trust policy of its own', actions: ['iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'] },
  passing('an instance with any role', 'ec2.amazonaws.com', 'ec2:RunInstances'),
  passing('a function with any role', 'lambda.amazonaws.com', 'lambda:CreateFunction', 'lambda:InvokeFunction'),
  passing('a function with any role, by an event', 'lambda.amazonaws.com', 'lambda:CreateFunction', 'lambda:CreateEventSourceMapping'),
  passing('a stack with any role', 'cloudformation.amazonaws.com', 'cloudformation:CreateStack'),
  passing('a build with any role', 'codebuild.amazonaws.com', 'codebuild:CreateProject', 'codebuild:StartBuild'),
  passing('a task with any role', 'ecs-tasks.amazonaws.com', 'ecs:RegisterTaskDefinition', 'ecs:RunTask'),
  passing('a job with any role', 'glue.amazonaws.com', 'glue:CreateJob', 'glue:StartJobRun'),
  passing('an endpoint with any role', 'glue.amazonaws.com', 'glue:CreateDevEndpoint'),
  passing('a pipeline with any role', 'datapipeline.amazonaws.com', 'datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition'),
  passing(
    'a notebook with any role',
    'sagemaker.amazonaws.com',
    'sagemaker:CreateNotebookInstance',
    'sagemaker:CreatePresignedNotebookInstanceUrl',
  ),
  passing('a pod with any role', 'pods.eks.amazonaws.com', 'eks:CreatePodIdentityAssociation'),
  { name: 'an administrator entry of every cluster', actions: ['eks:CreateAccessEntry', 'eks:AssociateAccessPolicy'] },
];

/** AWS managed policies that hold one of them; the rest of the list below is known to hold none. */
export const ESCALATING_POLICIES = [
  'AdministratorAccess',
  'IAMFullAccess',
  'PowerUserAccess',
  'AWSLambda_FullAccess',
  'AWSCodeBuildAdminAccess',
];

/** AWS managed policies of clusters, nodes, add-ons and functions that hold none. What is in others is not known here. */
export const HARMLESS_POLICIES = [
  'AmazonEKSClusterPolicy',
  'AmazonEKSServicePolicy',
  'AmazonEKSVPCResourceController',
  'AmazonEKSWorkerNodePolicy',
  'AmazonEKSWorkerNodeMinimalPolicy',
  'AmazonEKS_CNI_Policy',
  'AmazonEKSFargatePodExecutionRolePolicy',
  'AmazonEC2ContainerRegistryReadOnly',
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonEBSCSIDriverPolicy',
  'AmazonEFSCSIDriverPolicy',
  'AmazonSSMManagedInstanceCore',
  'CloudWatchAgentServerPolicy',
  'AWSXRayDaemonWriteAccess',
  'AWSLambdaBasicExecutionRole',
  'AWSLambdaVPCAccessExecutionRole',
  'ReadOnlyAccess',
  'ViewOnlyAccess',
  'SecurityAudit',
];
