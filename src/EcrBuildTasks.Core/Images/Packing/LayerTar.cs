using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Pipelines;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Images.Packing;

/// <summary>Where the files of an application are in its image, and to whom they belong: as in the layer that the .NET SDK makes.</summary>
/// <param name="Folder">The working directory, without slashes at its ends.</param>
internal sealed record LayerTemplate(string Folder, int Uid, int Gid, UnixFileMode Mode)
{
    /// <summary>Reads it from the SDK's layer of an empty folder, whose only entry is the working directory.</summary>
    /// <exception cref="InvalidDataException">There is another entry, or none.</exception>
    public static LayerTemplate Read(string path)
    {
        using var file = File.OpenRead(path);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        return tar.GetNextEntry() is { EntryType: TarEntryType.Directory } folder && tar.GetNextEntry() is null
            ? new(folder.Name.Trim('/'), folder.Uid, folder.Gid, folder.Mode)
            : throw new InvalidDataException($"{path} is not the layer of an empty folder.");
    }
}

/// <summary>A layer whose bytes depend on nothing but the files in it.</summary>
internal static class LayerTar
{
    /// <summary>The time of everything that is not the project's own.</summary>
    public static readonly DateTimeOffset FixedTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Packs files, with the folders that they are in.</summary>
    /// <param name="storeAt">The file to write.</param>
    /// <exception cref="PushException">A file cannot be read or written.</exception>
    public static async Task<PackedLayer> PackAsync(
        LayerTemplate template,
        IReadOnlyList<ApplicationFile> files,
        string storeAt,
        CancellationToken cancellationToken
    )
    {
        var pipe = new Pipe(
            new(pauseWriterThreshold: 8 << 20, resumeWriterThreshold: 4 << 20, minimumSegmentSize: 1 << 16)
        );
        var writing = Task.Run(() => Write(template, files, pipe.Writer, cancellationToken), CancellationToken.None);
        try
        {
            return await LayerCompression.RunAsync(
                default,
                pipe.Reader.AsStream(),
                storeAt,
                require: null,
                cancellationToken
            );
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    private static void Write(
        LayerTemplate template,
        IReadOnlyList<ApplicationFile> files,
        PipeWriter writer,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using (var tar = new TarWriter(writer.AsStream(leaveOpen: true), TarEntryFormat.Gnu))
            {
                var folders = new HashSet<string>(StringComparer.Ordinal);
                WriteFolder("");
                foreach (var file in files)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (file.Path is null)
                    {
                        WriteFolder(file.Name);
                        continue;
                    }

                    for (var slash = file.Name.IndexOf('/'); slash > 0; slash = file.Name.IndexOf('/', slash + 1))
                    {
                        WriteFolder(file.Name[..slash]);
                    }

                    using var content = file.Open();
                    WriteEntry(TarEntryType.RegularFile, $"{template.Folder}/{file.Name}", file.Changed, content);
                }

                void WriteFolder(string name)
                {
                    if (folders.Add(name))
                    {
                        WriteEntry(TarEntryType.Directory, $"{template.Folder}/{name}".TrimEnd('/'), FixedTime, null);
                    }
                }

                void WriteEntry(TarEntryType type, string name, DateTimeOffset changed, Stream? content)
                {
                    var entry = new GnuTarEntry(type, name)
                    {
                        Uid = template.Uid,
                        Gid = template.Gid,
                        Mode = template.Mode,
                        ModificationTime = changed,
                        AccessTime = default,
                        ChangeTime = default,
                    };
                    if (content is not null)
                    {
                        entry.DataStream = content;
                    }

                    tar.WriteEntry(entry);
                }
            }

            writer.Complete();
        }
        catch (Exception failure)
        {
            writer.Complete(failure);
        }
    }
}
