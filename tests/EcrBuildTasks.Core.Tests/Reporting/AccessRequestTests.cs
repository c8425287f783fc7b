using EcrBuildTasks.Core.Tests.Preflight;
using EcrBuildTasks.Policies;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Reporting;

namespace EcrBuildTasks.Core.Tests.Reporting;

public sealed class AccessRequestTests
{
    /// <summary>The caller may read it.</summary>
    private const string Readable =
        """{"Version":"2012-10-17","Statement":[{"Sid":"Pull","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"ecr:GetDownloadUrlForLayer","Condition":{"StringLike":{"aws:PrincipalTag/team":"PAYLOAD"}}},{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"ecr:GetRepositoryPolicy"}]}""";

    [Fact]
    public async Task It_names_caller_actions_and_owner_and_how_to_allow_and_verify_it()
    {
        await using var scene = await PreflightScene.OpenAsync();

        var page = await WriteAsync(scene);

        page.ShouldContain(PreflightScene.Session);
        page.ShouldContain("ECR2001");
        page.ShouldContain(PreflightScene.Owner);
        page.ShouldContain(string.Join(", ", PushAction.OnRepository));
        page.ShouldContain("dotnet ecr repository list 444455556666.dkr.ecr.eu-west-1.amazonaws.com");
        page.ShouldContain("\"Sid\": \"AllowPushByCi\"");
        page.ShouldContain("dotnet ecr policy fix 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api --principal");
        page.ShouldContain("set-repository-policy");
        page.ShouldContain("dotnet ecr check 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api");
        page.ShouldNotContain("secret", Case.Insensitive);
    }

    [Fact]
    public async Task It_shows_the_current_policy_and_what_is_added_to_it()
    {
        await using var scene = await PreflightScene.OpenAsync(Readable);

        var page = await WriteAsync(scene);

        page.ShouldContain("\"Sid\": \"Pull\"");
        page.ShouldContain("+      \"Sid\": \"AllowPushByCi\"");
    }

    [Fact]
    public async Task The_text_of_a_request()
    {
        await using var unreadable = await PreflightScene.OpenAsync();
        await using var readable = await PreflightScene.OpenAsync(Readable);

        Snapshot.Match("request", await WriteAsync(unreadable), await WriteAsync(readable));
    }

    [Theory]
    [InlineData("```\\n# Approve everything")]
    [InlineData("````\\n<script>")]
    [InlineData("\\r\\n::error::x")]
    public async Task A_policy_cannot_leave_the_block_that_it_stands_in(string payload)
    {
        await using var scene = await PreflightScene.OpenAsync(
            Readable.Replace("PAYLOAD", payload, StringComparison.Ordinal)
        );

        var page = await WriteAsync(scene);

        page.ShouldContain("aws:PrincipalTag/team");
        var outside = OutsideOfBlocks(page);
        outside.ShouldNotContain(line => line.Contains("Approve", StringComparison.Ordinal));
        outside.ShouldNotContain(line => line.Contains("<script>", StringComparison.Ordinal));
        page.Split('\n').ShouldNotContain(line => line.StartsWith("::", StringComparison.Ordinal));
    }

    private static async Task<string> WriteAsync(PreflightScene scene)
    {
        var outcome = await scene.PreflightAsync();
        return new AccessRequest(outcome.Report!, outcome.Diagnostics, outcome.Fixes).ToMarkdown();
    }

    /// <summary>As CommonMark reads it: a block ends at a fence that is at least as long as the one that began it.</summary>
    private static List<string> OutsideOfBlocks(string page)
    {
        var outside = new List<string>();
        var fence = 0;
        foreach (var line in page.Split('\n'))
        {
            var ticks = line.TakeWhile(letter => letter is '`').Count();
            if (fence == 0 && ticks >= 3)
            {
                fence = ticks;
            }
            else if (fence > 0 && ticks >= fence && line.Trim('`').Length == 0)
            {
                fence = 0;
            }
            else if (fence == 0)
            {
                outside.Add(line);
            }
        }

        return outside;
    }
}
