using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Documentation.Tests.Shell;

/// <summary>Commands of the AWS CLI, which checks them itself: its skeleton of an answer needs the command to be right, and no AWS.</summary>
internal static class AwsCommands
{
    // They ask somebody, have no skeleton, or are newer than Debian's version: only the names are known here. Those of cloudformation deploy
    // are tested with the templates.
    private static readonly string[][] WithoutSkeleton =
    [
        ["sso", "login", "--profile"],
        ["configure"],
        ["ecr", "get-login-password", "--region"],
        ["ecr", "describe-image-signing-status", "--repository-name"],
        ["cloudformation", "deploy", "--stack-name"],
    ];

    // Debian's version is older than these.
    private static readonly string[] NewOptions = ["--image-tag-mutability-exclusion-filters"];

    /// <returns>What the AWS CLI says is wrong; <see langword="null"/> if nothing is.</returns>
    public static async Task<string?> MistakeAsync(IReadOnlyList<string> arguments)
    {
        if (WithoutSkeleton.Any(known => arguments.Take(known.Length).SequenceEqual(known)))
        {
            return null;
        }

        var file = Path.GetTempFileName();
        try
        {
            var result = await Cli.RunAsync(
                RealPart.Find("aws"),
                [
                    .. arguments.Select(argument =>
                        argument.StartsWith("file://", StringComparison.Ordinal) ? $"file://{file}" : argument
                    ),
                    "--generate-cli-skeleton",
                    // Its own answers of STS and Lambda break its own rules about ARNs and sizes.
                    arguments[0] is "sts" or "lambda"
                        ? "input"
                        : "output",
                ],
                environment: new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["AWS_ACCESS_KEY_ID"] = "AKIANOBODY",
                    ["AWS_SECRET_ACCESS_KEY"] = "nothing",
                    ["AWS_DEFAULT_REGION"] = "eu-west-1",
                    ["AWS_EC2_METADATA_DISABLED"] = "true",
                    ["AWS_PROFILE"] = null,
                    ["AWS_CONFIG_FILE"] = file,
                    ["AWS_PAGER"] = "",
                },
                cancellationToken: TestContext.Current.CancellationToken
            );
            return
                result.ExitCode == 0 || NewOptions.Any(option => result.Error.Contains($"Unknown options: {option},"))
                ? null
                : result.Error;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
