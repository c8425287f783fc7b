using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>The options of every command, with the AWS CLI's names and meaning.</summary>
internal static partial class GlobalOptions
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
            Matching(argument, RegionName(), "--region", "the name of a region, such as eu-west-1"),
    };

    public static readonly Option<string?> RoleArn = new("--role-arn")
    {
        Description = "A role to assume first.",
        HelpName = "ARN",
        CustomParser = argument =>
            Matching(
                argument,
                RoleName(),
                "--role-arn",
                "the ARN of a role, such as arn:aws:iam::111122223333:role/ci"
            ),
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

    private static string? Matching(ArgumentResult argument, Regex form, string option, string what)
    {
        var text = argument.Tokens[0].Value;
        if (form.IsMatch(text))
        {
            return text;
        }

        argument.AddError($"{option}: '{text}' is not {what}.");
        return null;
    }

    // A part of a host's name. Which regions there are changes more often than a tool is updated.
    [GeneratedRegex(
        @"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex RegionName();

    [GeneratedRegex(@"^arn:aws[a-z-]*:iam::[0-9]{12}:role/\S+\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RoleName();
}

/// <summary>How a result is printed.</summary>
internal enum OutputFormat
{
    Text,

    /// <summary>For programs: one JSON document.</summary>
    Json,
}
