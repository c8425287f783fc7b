using System.CommandLine;
using System.CommandLine.Parsing;
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
        Description = "The AWS region, where the registry's host does not name it.",
        HelpName = "REGION",
        CustomParser = argument =>
            Matching(argument, AwsPartition.IsRegionName, "--region", "the name of a region, such as eu-west-1"),
    };

    public static readonly Option<string?> RoleArn = new("--role-arn")
    {
        Description = "A role to assume first.",
        HelpName = "ARN",
        CustomParser = argument =>
            Matching(argument, IsRoleArn, "--role-arn", "the ARN of a role, such as arn:aws:iam::111122223333:role/ci"),
    };

    public static readonly Option<Uri?> EndpointUrl = new("--endpoint-url")
    {
        Description = "Call this URL instead of AWS, for example that of an emulator.",
        HelpName = "URL",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            {
                return url;
            }

            argument.AddError($"--endpoint-url: '{text}' is no http or https URL.");
            return null;
        },
    };

    public static readonly Option<OutputFormat> Output = Choice.Of<OutputFormat>(
        "--output",
        "How to print the result."
    );

    public static readonly Option<bool> NoColor = new("--no-color")
    {
        Description = "Print without colours, as NO_COLOR does.",
    };

    public static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Print the result and errors only.",
    };

    public static readonly Option<bool> Verbose = new("--verbose", "-v")
    {
        Description = "Print more of what is done and found.",
    };

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

    private static bool IsRoleArn(string text) =>
        Arn.Parse(text) is { IsInOneAccount: true, Service: "iam", Region: "" } arn
        && arn.Resource.StartsWith("role/", StringComparison.Ordinal)
        && arn.Resource.Length > "role/".Length
        && !arn.Resource.Any(char.IsWhiteSpace);
}

/// <summary>How a result is printed.</summary>
internal enum OutputFormat
{
    Text,

    /// <summary>For programs: one JSON document.</summary>
    Json,
}
