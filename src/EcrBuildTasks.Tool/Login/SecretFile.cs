using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tool.Login;

/// <summary>
/// A file for one user: on Unix only that user can access it and its folder, on Windows it is encrypted for the user. A file
/// that others could read or replace is ignored, and a failure is treated as an empty file.
/// </summary>
/// <param name="folder">A folder for this file alone.</param>
/// <param name="cipher">The encryption of the content; <see langword="null"/> for none.</param>
internal sealed class SecretFile(string folder, SecretCipher? cipher)
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    private readonly string _path = Path.Combine(folder, "tokens.json");

    /// <summary>Finds the file of the environment's user; <see langword="null"/> without a home folder.</summary>
    public static SecretFile? Find(EnvironmentVariables environment) =>
        FindCacheFolder(environment) is { } cache
            ? new(Path.Combine(cache, "dotnet-ecr"), OperatingSystem.IsWindows() ? SecretCipher.DataProtection : null)
            : null;

    public byte[] Read()
    {
        try
        {
            if (!IsPrivate(folder) || !IsPrivate(_path))
            {
                return [];
            }

            var content = File.ReadAllBytes(_path);
            return cipher is null ? content : cipher.Decrypt(content);
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            return [];
        }
    }

    /// <summary>Replaces the content in one step.</summary>
    public void Write(byte[] content)
    {
        // A fixed name, so that what a killed process leaves behind is replaced by the next one. When two processes write at
        // once, one of the contents is lost.
        var temporary = $"{_path}.new";
        try
        {
            var written = cipher is null ? content : cipher.Encrypt(content);
            PrepareFolder();
            File.Delete(temporary);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.None,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnersFile;
            }

            using (var file = new FileStream(temporary, options))
            {
                file.Write(written);
            }

            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            // Without a cache, the next login asks AWS.
        }
    }

    private void PrepareFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, OwnersFolder);
        if (Stat(folder).Uid != GetEffectiveUserId())
        {
            throw new UnauthorizedAccessException($"{folder} belongs to another user.");
        }

        File.SetUnixFileMode(folder, OwnersFolder);
    }

    private static bool IsPrivate(string path) =>
        OperatingSystem.IsWindows()
        || (
            Stat(path) is var (owner, mode)
            && owner == GetEffectiveUserId()
            && (mode & ~OwnersFolder) == UnixFileMode.None
        );

    /// <summary>The owner and mode of a file or folder itself, not of what it links to.</summary>
    private static (int Uid, UnixFileMode Mode) Stat(string path)
    {
        // .NET reports the owner of a file only where it archives the file.
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            writer.WriteEntry(path, "file");
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        var entry = reader.GetNextEntry()!;
        return (entry.Uid, entry.Mode);
    }

    private static bool IsExpected(Exception failure) =>
        failure
            is IOException
                or UnauthorizedAccessException
                or CryptographicException
                or PlatformNotSupportedException;

    private static string? FindCacheFolder(EnvironmentVariables environment)
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        if (OperatingSystem.IsLinux() && environment["XDG_CACHE_HOME"] is { } cache && Path.IsPathFullyQualified(cache))
        {
            return cache;
        }

        return environment.Home is { } home
            ? Path.Combine(home, OperatingSystem.IsMacOS() ? Path.Combine("Library", "Caches") : ".cache")
            : null;
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetEffectiveUserId();
}

/// <summary>Encrypts a secret for the user; a <see cref="CryptographicException"/> says that it cannot.</summary>
internal sealed record SecretCipher(Func<byte[], byte[]> Encrypt, Func<byte[], byte[]> Decrypt)
{
    /// <summary>The Windows Data Protection API.</summary>
    [SupportedOSPlatform("windows")]
    public static SecretCipher DataProtection { get; } =
        new(
            content => ProtectedData.Protect(content, null, DataProtectionScope.CurrentUser),
            content => ProtectedData.Unprotect(content, null, DataProtectionScope.CurrentUser)
        );
}
