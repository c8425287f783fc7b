using EcrBuildTasks.Failures;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tasks;

/// <summary>A folder for the results of one target.</summary>
internal sealed class ResultFolder(string path)
{
    public string PathOf(string name) => Path.Combine(path, name);

    public void Write(string name, string text) =>
        Change(() =>
        {
            Directory.CreateDirectory(path);
            File.WriteAllText(PathOf(name), text);
        });

    /// <summary>A result of an earlier build must not be taken for one of this build.</summary>
    public void Clear() =>
        Change(() =>
        {
            foreach (var file in ResultFiles.All.Select(PathOf).Where(File.Exists))
            {
                File.Delete(file);
            }
        });

    private void Change(Action change)
    {
        try
        {
            change();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosedException(SettingDiagnosis.NotWritable(path, failure.Message));
        }
    }
}
