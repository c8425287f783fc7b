namespace EcrBuildTasks.Emulator.Tests.Clients;

/// <summary>A home folder for one client, so that nobody's own configuration is read or written.</summary>
internal sealed class Home : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("emulator-client-").FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
