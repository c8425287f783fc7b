using EcrBuildTasks.Tasks;

namespace EcrBuildTasks.Tests;

public sealed class SolutionProjectTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ecr-solution-").FullName;

    [Fact]
    public void A_project_has_the_configuration_and_the_platform_that_the_solution_maps_it_to()
    {
        var projects = SolutionProject.Read(
            """
            <SolutionConfiguration>
              <ProjectConfiguration Project="{1}" AbsolutePath="/s/A &amp; B.csproj" BuildProjectInSolution="True">Debug|x64</ProjectConfiguration>
              <ProjectConfiguration Project="{2}" AbsolutePath="/s/C.csproj">Release</ProjectConfiguration>
              <ProjectConfiguration Project="{3}" AbsolutePath="/s/D.csproj" BuildProjectInSolution="False">Release|AnyCPU</ProjectConfiguration>
            </SolutionConfiguration>
            """
        );

        projects.ShouldBe([new("/s/A & B.csproj", "Debug", "x64"), new("/s/C.csproj", "Release", "")]);
        projects
            .Select(project => project.Properties)
            .ShouldBe(["Configuration=Debug;Platform=x64", "Configuration=Release"]);
    }

    [Theory]
    [InlineData("""{"solution":{"path":"../All.slnx","projects":["src/A/A.csproj","src/C/C.csproj"]}}""")]
    [InlineData("""{"solution":{"path":"..\\All.slnx","projects":["src\\A\\A.csproj","SRC\\C\\c.csproj"]}}""")]
    [InlineData(
        """{"solution":{"path":"../All.slnx", /* two */ "projects":["src/A/A.csproj","src/C/../C/C.csproj",]}}"""
    )]
    public void A_filter_leaves_of_a_solution_what_it_names_however_that_is_written(string text)
    {
        var filter = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "filters")).FullName, "Some.slnf");
        File.WriteAllText(filter, text);
        string[] names = ["A", "B", "C"];
        var all = names.Select(name => new SolutionProject(
            Path.Combine(folder, "src", name, $"{name}.csproj"),
            "Release",
            "AnyCPU"
        ));

        SolutionFilter
            .Read(filter)
            .Of(all)
            .Select(project => Path.GetFileNameWithoutExtension(project.File))
            .ShouldBe(["A", "C"]);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
