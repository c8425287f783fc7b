using EcrBuildTasks.Variables;
using Microsoft.Identity.Client.Extensions.Msal;

namespace EcrBuildTasks.Tool.Login.Cache;

/// <summary>
/// Where a secret is kept between two runs: in the user's keychain (macOS Keychain, the Secret Service of a Linux desktop), in a
/// file that Windows encrypts for the user, or else in a file that only the user may read.
/// </summary>
internal sealed class SecretStore(string folder, bool hasKeychain)
{
    private const string Name = "dotnet-ecr";

    // A keychain that is locked may ask somebody who is not there.
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(2);

    private readonly PrivateFile _file = new(Path.Combine(folder, "tokens.json"));

    /// <summary>The store of the user that an environment belongs to; none without a home.</summary>
    public static SecretStore? OfUser(EnvironmentVariables environment) =>
        CacheFolder(environment) is { } folder ? new(Path.Combine(folder, Name), HasKeychain(environment)) : null;

    /// <summary>What was written last; empty if nothing was, or if it cannot be read.</summary>
    public byte[] Read() => (hasKeychain ? Try(() => Keychain().ReadData()) : null) ?? _file.Read();

    /// <summary>Keeps a content, in place of what was there.</summary>
    public void Write(byte[] content)
    {
        var isInKeychain =
            hasKeychain
            && Try(() =>
            {
                Keychain().WriteData(content);
                return content;
            })
                is not null;
        if (isInKeychain)
        {
            _file.Delete();
        }
        else
        {
            _file.Write(content);
        }
    }

    private Storage Keychain()
    {
        PrivateFile.CreateFolder(folder);
        return Storage.Create(
            new StorageCreationPropertiesBuilder("tokens.bin", folder)
                .WithMacKeyChain(Name, "tokens")
                .WithLinuxKeyring(
                    Name,
                    MsalCacheHelper.LinuxKeyRingDefaultCollection,
                    "Amazon ECR passwords of dotnet ecr",
                    new("application", Name),
                    new("content", "tokens")
                )
                .Build()
        );
    }

    private static byte[]? Try(Func<byte[]> keychain)
    {
        // One that does not answer ends with the process.
        var answer = Task.Run(keychain);
        try
        {
            return answer.Wait(ToAnswer) ? answer.Result : null;
        }
        catch (AggregateException)
        {
            // No such library, no such service, locked, refused: MSAL has an exception for each, and the mend is the same.
            return null;
        }
    }

    private static bool HasKeychain(EnvironmentVariables environment) =>
        !OperatingSystem.IsLinux()
        || environment["DBUS_SESSION_BUS_ADDRESS"] is not null
        || (environment["XDG_RUNTIME_DIR"] is { } runtime && File.Exists(Path.Combine(runtime, "bus")));

    private static string? CacheFolder(EnvironmentVariables environment)
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        if (OperatingSystem.IsLinux() && environment["XDG_CACHE_HOME"] is { } cache)
        {
            return cache;
        }

        return environment["HOME"] is { } home
            ? Path.Combine(home, OperatingSystem.IsMacOS() ? Path.Combine("Library", "Caches") : ".cache")
            : null;
    }
}
