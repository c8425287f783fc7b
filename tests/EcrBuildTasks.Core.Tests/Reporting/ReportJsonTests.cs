using System.Text.Json;
using EcrBuildTasks.Images;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;
using EcrBuildTasks.Reporting;

namespace EcrBuildTasks.Core.Tests.Reporting;

public sealed class ReportJsonTests
{
    private static readonly ImageReference Image = new(
        EcrRegistry.Create("444455556666", "eu-west-1"),
        "app",
        ["1", "2"]
    );

    [Fact]
    public void The_push_file_names_each_tag_with_the_reference_to_pull_it_by()
    {
        var pushed = new PushedImage
        {
            Digest = "sha256:abc",
            Tags = ["1", "2"],
            SizeInBytes = 10,
            PushedBytes = 5,
            Layers = [],
        };

        using var json = JsonDocument.Parse(
            ReportJson
                .Describe(
                    new PushResult(
                        Image,
                        "127.0.0.1:5000",
                        pushed,
                        "without an engine",
                        TimeSpan.FromSeconds(1.5),
                        new("arn:aws:sts::111122223333:assumed-role/ci/run-7", "111122223333", "AROAEXAMPLE:run-7"),
                        "profile ci"
                    )
                )
                .ToText()
        );

        json.RootElement.GetProperty("digest").GetString().ShouldBe("sha256:abc");
        var caller = json.RootElement.GetProperty("caller");
        caller.GetProperty("arn").GetString().ShouldBe("arn:aws:sts::111122223333:assumed-role/ci/run-7");
        caller.GetProperty("account").GetString().ShouldBe("111122223333");
        caller.GetProperty("userId").GetString().ShouldBe("AROAEXAMPLE:run-7");
        caller.GetProperty("credentialsSource").GetString().ShouldBe("profile ci");
        json.RootElement.GetProperty("images")
            .EnumerateArray()
            .Select(image => image.GetProperty("uri").GetString())
            .ShouldBe(["127.0.0.1:5000/app:1", "127.0.0.1:5000/app:2"]);
    }

    [Fact]
    public void The_fix_file_holds_the_statement_unchanged_and_the_command()
    {
        var fixes = PolicyFixes.For(
            new()
            {
                Caller = new("arn:aws:sts::111122223333:assumed-role/ci/run-7", "111122223333", "AROAEXAMPLE:run-7"),
                RepositoryArn = Image.RepositoryArn,
                RepositoryAccount = "444455556666",
                Actions = ["ecr:PutImage"],
                Wanting = [PolicyKind.Repository],
            }
        );

        using var json = JsonDocument.Parse(ReportJson.Describe(fixes).ToText());

        var fix = json.RootElement.EnumerateArray().ShouldHaveSingleItem();
        JsonElement
            .DeepEquals(fix.GetProperty("statement"), JsonDocument.Parse(fixes[0].ToJson()).RootElement)
            .ShouldBeTrue();
        fix.GetProperty("command").GetString().ShouldBe(fixes[0].AwsCommand());
        fix.GetProperty("ownerAccount").GetString().ShouldBe("444455556666");
        fix.GetProperty("wholePolicy").ValueKind.ShouldBe(JsonValueKind.Null);
        fix.GetProperty("terraform").GetString().ShouldBe(fixes[0].Render(FixFormat.Terraform));
        fix.GetProperty("cloudFormation").GetString().ShouldBe(fixes[0].Render(FixFormat.CloudFormation));
        fix.GetProperty("cdk").GetString().ShouldBe(fixes[0].Render(FixFormat.Cdk));
    }
}
