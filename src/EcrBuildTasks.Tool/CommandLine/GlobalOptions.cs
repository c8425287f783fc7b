using System.CommandLine;
using System.CommandLine.Parsing;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>The options of every command, with the AWS CLI's names and meaning.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> Profile = new("--profile")
    {
        Description = "The AWS profile to use.",
        HelpName = "NAME",
    };

    public static readonly Option<string?> Region = new("--region")
    {
        Description = "The AWS region, if the registry host does not specify it.",
        HelpName = "REGION",
        CustomParser = argument =>
            Matching(argument, AwsPartition.IsRegionName, "--region", "a region name such as eu-west-1"),
    };

    public static readonly Option<string?> RoleArn = new("--role-arn")
    {
        Description = "The role to assume before calling AWS.",
        HelpName = "ARN",
        CustomParser = argument =>
            Matching(
                argument,
                AwsSettings.IsRoleArn,
                "--role-arn",
                "a role ARN such as arn:aws:iam::111122223333:role/ci"
            ),
    };

    public static readonly Option<Uri?> EndpointUrl = new("--endpoint-url")
    {
        Description = "The URL to call instead of AWS, for example of an emulator.",
        HelpName = "URL",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            {
                return url;
            }

            argument.AddError($"--endpoint-url: '{text}' is not an http or https URL.");
            return null;
        },
    };

    public static readonly Option<OutputFormat> Output = Choice.Create<OutputFormat>("--output", "The output format.");

    public static readonly Option<bool> NoColor = new("--no-color")
    {
        Description = "Print without colors, like NO_COLOR.",
    };

    public static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Print only the result and errors.",
    };

    public static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Print more details." };

    public static IReadOnlyList<Option> All { get; } =
    [Profile, Region, RoleArn, EndpointUrl, Output, NoColor, Quiet, Verbose];

    private static string? Matching(ArgumentResult argument, Func<string, bool> isValid, string option, string what)
    {
        var text = argument.Tokens[0].Value;
        if (isValid(text))
        {
            return text;
        }

        argument.AddError($"{option}: '{text}' is not {what}.");
        return null;
    }
}

/// <summary>How a result is printed.</summary>
internal enum OutputFormat
{
    Text,

    /// <summary>For programs: one JSON document.</summary>
    Json,
}
