using EcrBuildTasks.Formats.Tests;

namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>The Terraform of the samples, by the schema of the AWS provider, and that its check finds what is wrong.</summary>
public sealed class TerraformSchemaTests
{
    private static readonly Mistake[] Mistakes =
    [
        new(
            "github-actions",
            "\"aws_iam_role\" \"push\"",
            "\"aws_iam_rol\" \"push\"",
            "aws_iam_rol: the provider has no such type"
        ),
        new(
            "github-actions",
            "client_id_list = ",
            "client_ids = ",
            "aws_iam_openid_connect_provider: client_ids is not expected here"
        ),
        new("github-actions", "  role = aws_iam_role.push.name\n", "", "aws_iam_role_policy: role is missing"),
        new(
            "github-actions",
            "issuer.arn }",
            "issuer.arm }",
            "aws_iam_openid_connect_provider.issuer.arm: the provider has no such attribute"
        ),
        new("gitlab-ci", "var.gitlab_host}\"", "var.gitlab_hots}\"", "var.gitlab_hots: is not declared"),
        new("jenkins", "Resource = var.repository_arn", "Resource = \"*\"", "var.repository_arn: is never used"),
        new("azure-pipelines", "description = ", "descripton = ", "variable: descripton is not expected here"),
        new(
            "codebuild",
            "current.region",
            "current.regions",
            "data.aws_region.current.regions: the provider has no such attribute"
        ),
        new(
            "codebuild",
            "build_timeout  = 20",
            "build_timeout  = \"soon\"",
            "aws_codebuild_project.build_timeout: is no number"
        ),
        new(
            "codebuild",
            "  artifacts {\n    type = \"NO_ARTIFACTS\"\n  }\n",
            "",
            "aws_codebuild_project: artifacts is missing"
        ),
        new(
            "codebuild",
            "  artifacts {",
            "  artifacts = {",
            "aws_codebuild_project.artifacts: is a block, not an argument"
        ),
        new(
            "codebuild",
            "    compute_type = ",
            "    compute_typ = ",
            "aws_codebuild_project.environment: compute_type is missing"
        ),
        new(
            "codebuild",
            "    auth {",
            "    auth {\n      type = \"OAUTH\"\n    }\n\n    auth {",
            "aws_codebuild_project.source.auth: is allowed once"
        ),
        new(
            "repository",
            "scan_on_push = true",
            "scan_on_push = \"yes\"",
            "aws_ecr_repository.image_scanning_configuration.scan_on_push: is no boolean"
        ),
        new(
            "repository",
            "version = \"~> 6.0\"",
            "version = \"~> 5.0\"",
            "required_providers.aws: is not 6.66 of hashicorp/aws, whose schema this is"
        ),
    ];

    private static readonly Lazy<Task<IReadOnlyList<IReadOnlyList<string>>>> Checked = new(() =>
        HclDocuments.CheckAsync([
            .. RoleFiles.TerraformTexts.Values,
            .. Mistakes.Select(mistake => mistake.In(RoleFiles.TerraformTexts[mistake.Sample])),
        ])
    );

    public static TheoryData<int> MistakeNumbers => [.. Enumerable.Range(0, Mistakes.Length)];

    [Fact]
    public async Task The_schema_of_the_AWS_provider_finds_nothing() =>
        (await Checked.Value).Take(RoleFiles.TerraformTexts.Count).SelectMany(found => found).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(MistakeNumbers))]
    public async Task It_finds_a_mistake(int number) =>
        (await Checked.Value)[RoleFiles.TerraformTexts.Count + number].ShouldContain(Mistakes[number].Finding);
}
