using System.CommandLine;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>The options of every command, with the AWS CLI's names and meaning.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> Profile = new("--profile")
    {
        Description = "The AWS profile to use.",
        HelpName = "NAME",
        Recursive = true,
    };

    public static readonly Option<string?> Region = new("--region")
    {
        Description = "The AWS region, where the registry's host does not name it.",
        HelpName = "REGION",
        Recursive = true,
    };

    public static readonly Option<string?> RoleArn = new("--role-arn")
    {
        Description = "A role to assume first.",
        HelpName = "ARN",
        Recursive = true,
    };

    public static readonly Option<Uri?> EndpointUrl = new("--endpoint-url")
    {
        Description = "Call this URL instead of AWS, for example that of an emulator.",
        HelpName = "URL",
        Recursive = true,
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

    public static readonly Option<OutputFormat> Output = new("--output")
    {
        Description = "How to print the result.",
        HelpName = "text|json",
        Recursive = true,
    };

    public static readonly Option<bool> NoColor = new("--no-color")
    {
        Description = "Print without colours, as NO_COLOR does.",
        Recursive = true,
    };

    public static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Print the result and errors only.",
        Recursive = true,
    };

    public static readonly Option<bool> Verbose = new("--verbose", "-v")
    {
        Description = "Print more of what is done and found.",
        Recursive = true,
    };

    public static IReadOnlyList<Option> All { get; } =
    [Profile, Region, RoleArn, EndpointUrl, Output, NoColor, Quiet, Verbose];
}

/// <summary>How a result is printed.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs: one JSON document.</summary>
    Json,
}
