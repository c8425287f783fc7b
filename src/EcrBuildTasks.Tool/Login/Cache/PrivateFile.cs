namespace EcrBuildTasks.Tool.Login.Cache;

/// <summary>A file that nobody but its owner may read.</summary>
internal sealed class PrivateFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The content; empty if there is none, or if others may read it.</summary>
    public byte[] Read()
    {
        try
        {
            return OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == OwnerOnly
                ? File.ReadAllBytes(path)
                : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Replaces the content at once; where that cannot be, nothing is kept.</summary>
    public void Write(byte[] content)
    {
        var written = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (var file = new FileStream(written, options))
            {
                file.Write(content);
            }

            File.Move(written, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A home that cannot be written costs a call to AWS the next time.
        }
    }

    public void Delete()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It ends with its tokens.
        }
    }

    /// <summary>Makes a folder for the owner alone, if there is none.</summary>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}
