using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>A token by which a system tells AWS which of its pipelines runs.</summary>
internal sealed record PipelineToken(string Issuer, string Subject, string Audience);

/// <summary>A sample of a pipeline, with the files of its role.</summary>
/// <param name="Name">The sample's folder.</param>
/// <param name="File">The pipeline's file in it.</param>
internal sealed record PipelineSample(string Name, string File)
{
    private const string GitHub = "token.actions.githubusercontent.com";
    private const string Azure = "vstoken.dev.azure.com/6804a3a0-e94c-41ae-9343-c5676fd58375";
    private const string AzureAudience = "api://AzureADTokenExchange";
    private const string Jenkins = "jenkins.example.com/oidc";

    public const string RegistryAccount = "444455556666";
    public const string RepositoryArn = $"arn:aws:ecr:eu-west-1:{RegistryAccount}:repository/hello-api";
    public const string RoleName = "hello-api-push";

    /// <summary>The account of the pipelines: the one that AWS's validator takes for <c>AWS::AccountId</c>.</summary>
    public const string PipelineAccount = "123456789012";

    public const string RoleArn = $"arn:aws:iam::{PipelineAccount}:role/{RoleName}";

    public static IReadOnlyList<PipelineSample> All { get; } =
    [
        new("github-actions", ".github/workflows/push.yml")
        {
            Token = new(GitHub, "repo:octo-org@123456/hello-api@456789:ref:refs/heads/release", "sts.amazonaws.com"),
            Strangers =
            [
                new(GitHub, "repo:octo-org@123456/hello-api@456789:ref:refs/heads/main", "sts.amazonaws.com"),
                new(GitHub, "repo:octo-org@123456/hello-api@456789:pull_request", "sts.amazonaws.com"),
                new(GitHub, "repo:octo-org@999999/hello-api@456789:ref:refs/heads/release", "sts.amazonaws.com"),
                new(
                    GitHub,
                    "repo:octo-org@123456/hello-api@456789:ref:refs/heads/release",
                    "https://github.com/octo-org"
                ),
            ],
        },
        new("gitlab-ci", ".gitlab-ci.yml")
        {
            Token = new(
                "gitlab.com",
                "project_path:my-group/hello-api:ref_type:branch:ref:release",
                "https://gitlab.com"
            ),
            Strangers =
            [
                new("gitlab.com", "project_path:my-group/hello-api:ref_type:branch:ref:main", "https://gitlab.com"),
                new("gitlab.com", "project_path:my-group/hello-api:ref_type:tag:ref:release", "https://gitlab.com"),
                new("gitlab.com", "project_path:other/hello-api:ref_type:branch:ref:release", "https://gitlab.com"),
                new(
                    "gitlab.com",
                    "project_path:my-group/hello-api:ref_type:branch:ref:release",
                    "https://other.example"
                ),
            ],
        },
        new("azure-pipelines", "azure-pipelines.yml")
        {
            Token = new(Azure, "sc://my-org/Hello/aws-push", AzureAudience),
            Strangers =
            [
                new(Azure, "sc://my-org/Hello/other", AzureAudience),
                new(Azure, "sc://my-org/Other/aws-push", AzureAudience),
                new(
                    "vstoken.dev.azure.com/00000000-0000-0000-0000-000000000000",
                    "sc://my-org/Hello/aws-push",
                    AzureAudience
                ),
                new(Azure, "sc://my-org/Hello/aws-push", "api://other"),
            ],
        },
        new("codebuild", "buildspec.yml"),
        new("jenkins", "Jenkinsfile")
        {
            Token = new(Jenkins, "https://jenkins.example.com/job/hello-api/job/release/", "sts.amazonaws.com"),
            Strangers =
            [
                new(Jenkins, "https://jenkins.example.com/job/hello-api/job/main/", "sts.amazonaws.com"),
                new(Jenkins, "https://jenkins.example.com/job/hello-api/job/release/", "other"),
            ],
        },
    ];

    /// <summary>What the samples ask for, by its name in Terraform and in CloudFormation.</summary>
    public static IReadOnlyList<(string Variable, string Parameter, string Value)> Values { get; } =
    [
        ("repository_arn", "RepositoryArn", RepositoryArn),
        ("role_name", "RoleName", RoleName),
        ("branch", "Branch", "release"),
        ("github_repository", "GitHubRepository", "octo-org@123456/hello-api@456789"),
        ("project_path", "ProjectPath", "my-group/hello-api"),
        ("gitlab_host", "GitLabHost", "gitlab.com"),
        ("organization", "Organization", "my-org"),
        ("organization_id", "OrganizationId", "6804a3a0-e94c-41ae-9343-c5676fd58375"),
        ("project", "Project", "Hello"),
        ("service_connection", "ServiceConnection", "aws-push"),
        ("issuer", "IssuerName", Jenkins),
        ("job_url", "JobUrl", "https://jenkins.example.com/job/hello-api/job/release/"),
        ("repository_url", "RepositoryUrl", "https://github.com/octo-org/hello-api"),
        ("connection_arn", "ConnectionArn", $"arn:aws:codeconnections:eu-west-1:{PipelineAccount}:connection/c1"),
        ("project_name", "ProjectName", "hello-api"),
        ("name", "Name", "hello-api"),
        ("pipeline_account", "PipelineAccount", PipelineAccount),
    ];

    /// <summary>The token of the pipeline that the role is for; <see langword="null"/> where AWS itself runs the pipeline.</summary>
    public PipelineToken? Token { get; init; }

    /// <summary>Tokens of pipelines that the role is not for.</summary>
    public IReadOnlyList<PipelineToken> Strangers { get; init; } = [];

    public static PipelineSample Of(string name) => All.Single(sample => sample.Name == name);

    /// <summary>The text of a file of a sample.</summary>
    public static string Read(string name, string file) =>
        System.IO.File.ReadAllText(Path.Combine(SourceTree.Root, "samples", "pipelines", name, file));

    public string Read() => Read(Name, File);
}
