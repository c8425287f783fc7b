using System.CommandLine;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>One run of a command: its arguments, output and AWS identity.</summary>
internal sealed class Invocation
{
    private readonly ParseResult _parsed;

    public Invocation(ParseResult parsed)
    {
        _parsed = parsed;
        Environment = EnvironmentVariables.OfProcess();
        if (parsed.GetValue(GlobalOptions.EndpointUrl) is { } url)
        {
            // The variables of the services come before any other setting, as an option has to.
            Environment = Environment
                .With("AWS_ENDPOINT_URL_ECR", url.ToString())
                .With("AWS_ENDPOINT_URL_ECR_PUBLIC", url.ToString())
                .With("AWS_ENDPOINT_URL_STS", url.ToString())
                .With("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false");
        }

        Identities = new(Environment);
        Output = new(
            Environment,
            parsed.GetValue(GlobalOptions.Output),
            parsed.GetValue(GlobalOptions.NoColor),
            parsed.GetValue(GlobalOptions.Quiet),
            parsed.GetValue(GlobalOptions.Verbose)
        );
    }

    public ToolOutput Output { get; }

    /// <summary>The identities and tokens of this run.</summary>
    public AwsIdentities Identities { get; }

    /// <summary>The environment with the overrides of the command line.</summary>
    public EnvironmentVariables Environment { get; }

    public AwsSettings Settings =>
        new()
        {
            Profile = _parsed.GetValue(GlobalOptions.Profile),
            Region = _parsed.GetValue(GlobalOptions.Region),
            RoleArn = _parsed.GetValue(GlobalOptions.RoleArn),
        };

    public T? Get<T>(Option<T> option) => _parsed.GetValue(option);

    /// <summary>Whether an option was given.</summary>
    public bool Has(Option option) => _parsed.GetResult(option) is { Implicit: false };

    /// <summary>The value from the command line, or the given default, for example of a project.</summary>
    public T Get<T>(Option<T> option, T otherwise) => Has(option) ? Get(option)! : otherwise;

    public T? Get<T>(Argument<T> argument) => _parsed.GetValue(argument);
}
