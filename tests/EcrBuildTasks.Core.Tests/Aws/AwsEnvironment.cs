using System.Collections;
using System.Security.Cryptography;
using System.Text;
using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>The process's AWS environment belongs to one test at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AwsEnvironmentCollection
{
    public const string Name = "AWS environment";
}

/// <summary>A home folder and AWS variables of a test's own; disposing brings the former ones back.</summary>
internal sealed class AwsEnvironment : IDisposable
{
    private readonly Dictionary<string, string?> _former = new(StringComparer.Ordinal);
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("ecr-aws-home-");

    public AwsEnvironment(string config = "", params (string Name, string Value)[] variables)
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (((string)variable.Key).StartsWith("AWS_", StringComparison.OrdinalIgnoreCase))
            {
                Set((string)variable.Key, null);
            }
        }

        Set("HOME", _home.FullName);
        File("config", config);
        Set("AWS_SHARED_CREDENTIALS_FILE", File("credentials", ""));
        Set("AWS_EC2_METADATA_DISABLED", "true");
        foreach (var (name, value) in variables)
        {
            Set(name, value);
        }
    }

    public static (string, string)[] Keys =>
        [("AWS_ACCESS_KEY_ID", "AKIDENV"), ("AWS_SECRET_ACCESS_KEY", "env-secret")];

    public static AwsSession Open(AwsSettings settings) =>
        AwsSession.Open(settings, TestContext.Current.CancellationToken);

    public void Set(string name, string? value)
    {
        _former.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    public string File(string name, string content)
    {
        var path = Path.Combine(_home.FullName, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>What <c>aws sso login</c> leaves behind.</summary>
    public void SsoToken(string session, string json)
    {
        var cache = Directory.CreateDirectory(Path.Combine(_home.FullName, ".aws", "sso", "cache"));
#pragma warning disable CA5350 // The file's name in AWS's cache is a SHA-1.
        var name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(session)));
#pragma warning restore CA5350
        System.IO.File.WriteAllText(Path.Combine(cache.FullName, name + ".json"), json);
    }

    public void Dispose()
    {
        foreach (var (name, value) in _former)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        _home.Delete(recursive: true);
    }
}
