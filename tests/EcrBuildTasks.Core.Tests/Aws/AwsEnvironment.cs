using System.Security.Cryptography;
using System.Text;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Aws;

/// <summary>A home folder and AWS variables of a test's own.</summary>
internal sealed class AwsEnvironment : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("ecr-aws-home-");

    public AwsEnvironment(string config = "", params (string Name, string Value)[] variables)
    {
        Directory.CreateDirectory(Path.Combine(_home.FullName, ".aws"));
        File(".aws/config", config);
        Set("HOME", _home.FullName);
        // The programs that a test's profile names.
        Set("PATH", EnvironmentVariables.OfProcess()["PATH"]);
        Set("AWS_EC2_METADATA_DISABLED", "true");
        foreach (var (name, value) in variables)
        {
            Set(name, value);
        }
    }

    public static (string, string)[] Keys =>
        [("AWS_ACCESS_KEY_ID", "AKIDENV"), ("AWS_SECRET_ACCESS_KEY", "env-secret")];

    public EnvironmentVariables Variables { get; private set; } = EnvironmentVariables.None;

    public AwsSession Open(AwsSettings settings) =>
        AwsSession.OpenAsync(settings, Variables, TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    public void Set(string name, string? value) => Variables = Variables.With(name, value);

    public string File(string name, string content)
    {
        var path = Path.Combine(_home.FullName, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>What <c>aws sso login</c> leaves behind.</summary>
    public string SsoToken(string session, string json)
    {
        var cache = Directory.CreateDirectory(Path.Combine(_home.FullName, ".aws", "sso", "cache"));
#pragma warning disable CA5350 // The file's name in AWS's cache is a SHA-1.
        var name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(session)));
#pragma warning restore CA5350
        var path = Path.Combine(cache.FullName, name + ".json");
        System.IO.File.WriteAllText(path, json);
        return path;
    }

    public void Dispose() => _home.Delete(recursive: true);
}
