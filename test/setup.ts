// aws-cdk-lib's own template validation costs seconds a process; one dedicated judge runs it over every example.
process.env.CDK_VALIDATION = 'false';
