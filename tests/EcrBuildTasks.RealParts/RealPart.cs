using System.Diagnostics;
using Xunit;

namespace EcrBuildTasks.RealParts;

/// <summary>The programs and services that some tests need and that a machine may lack.</summary>
public static class RealPart
{
    private static readonly Lazy<string?> AwsCli = new(FindAwsCli);

    /// <summary>Whether a missing part fails its tests: in CI.</summary>
    public static bool AreRequired { get; } =
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds a program, or skips the running test; in CI (<c>CI=true</c>) the test fails.</summary>
    /// <param name="program">A name that is looked up in <c>PATH</c>; <c>aws</c> is the AWS CLI 2.</param>
    public static string Find(string program) =>
        program == "aws" ? AwsCli.Value.OrSkip("AWS CLI 2") : Cli.Find(program).OrSkip(program);

    /// <summary>Returns the part, or skips the running test if it is missing; in CI (<c>CI=true</c>) the test fails.</summary>
    /// <param name="part">The part; <see langword="null"/> if it is missing.</param>
    /// <param name="name">Its name in the list of what is missing.</param>
    public static T OrSkip<T>(this T? part, string name)
        where T : class
    {
        if (part is not null)
        {
            return part;
        }

        var reason = $"{name} is missing. {MissingParts.HowToInstall}";
        if (AreRequired)
        {
            throw new InvalidOperationException(reason);
        }

        Assert.Skip(reason);
        throw new UnreachableException();
    }

    // Version 1 words and signs differently, and version managers put it first in PATH; early ones of 2 ignore AWS_ENDPOINT_URL.
    private static string? FindAwsCli()
    {
        var aws = Cli.FindAll("aws")
            .FirstOrDefault(path =>
                Cli.RunAsync(path, ["--version"])
                    .GetAwaiter()
                    .GetResult()
                    .Output.StartsWith("aws-cli/2.", StringComparison.Ordinal)
            );
        if (aws is null || OperatingSystem.IsWindows())
        {
            return aws;
        }

        var folder = Directory.CreateTempSubdirectory("ecr-aws-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var wrapper = Path.Combine(folder, "aws");
        File.WriteAllText(
            wrapper,
            $$"""
            #!/bin/sh
            exec {{aws}} ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} "$@"
            """
        );
        File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // Scripts under test call it by its name.
        var path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", folder + Path.PathSeparator + path);
        return wrapper;
    }
}
