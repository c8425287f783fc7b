namespace EcrBuildTasks.Tasks;

/// <summary>A folder for the results of one target.</summary>
internal sealed class ResultFolder(string path)
{
    public string PathOf(string name) => Path.Combine(path, name);

    public bool Has(string name) => File.Exists(PathOf(name));

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(path);
        File.WriteAllText(PathOf(name), text);
    }

    /// <summary>A result of an earlier build must not be taken for one of this build.</summary>
    public void Clear()
    {
        foreach (var name in ResultFiles.All)
        {
            if (File.Exists(PathOf(name)))
            {
                File.Delete(PathOf(name));
            }
        }
    }
}
