namespace EcrBuildTasks.Policies.Fixes;

/// <summary>A form in which the owner of a policy can take a fix over.</summary>
public enum FixFormat
{
    /// <summary>The statement alone, as JSON.</summary>
    Statement,

    /// <summary>The whole policy with the statement, as JSON.</summary>
    Policy,

    /// <summary>A command of the AWS CLI.</summary>
    AwsCommand,

    /// <summary>A resource or data source of Terraform's AWS provider.</summary>
    Terraform,

    /// <summary>A resource of AWS CloudFormation, as YAML.</summary>
    CloudFormation,

    /// <summary>A call on a construct of the AWS CDK, in C#.</summary>
    Cdk,
}
