using EcrBuildTasks.Diagnostics;

namespace EcrBuildTasks.Tasks.Tests;

public sealed class PropertyNamesTests
{
    private static readonly PropertyNames Names = new(["EcrRegistry", "EcrRepository", "EcrRegion"]);

    [Theory]
    [InlineData("EcrRepositry", "Did you mean EcrRepository?")]
    [InlineData("ecrregistri", "Did you mean EcrRegistry?")]
    public void A_misspelt_property_gets_a_warning_with_the_nearest_name(string name, string suggestion)
    {
        var warning = Names.Unknown([name]).ShouldHaveSingleItem();

        warning.Code.ShouldBe(EcrCode.PropertyUnknown);
        warning.Severity.ShouldBe(DiagnosticSeverity.Warning);
        warning.Message.ShouldEndWith(suggestion);
    }

    [Fact]
    public void A_name_that_is_near_to_none_gets_no_suggestion() =>
        Names.Unknown(["EcrSomethingElseEntirely"]).ShouldHaveSingleItem().Message.ShouldNotContain("Did you mean");

    [Fact]
    public void Known_properties_and_those_of_others_pass() =>
        Names.Unknown(["EcrRegion", "ECRREGION", "ContainerRegistry"]).ShouldBeEmpty();

    [Fact]
    public void The_properties_of_a_project_are_read_wherever_its_groups_stand()
    {
        var project = Path.GetTempFileName();
        try
        {
            File.WriteAllText(
                project,
                """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><EcrRegon>eu-west-1</EcrRegon></PropertyGroup>
                  <Target Name="T"><PropertyGroup><EcrRegistri /></PropertyGroup></Target>
                  <ItemGroup><EcrItem Include="x" /></ItemGroup>
                </Project>
                """
            );

            PropertyNames.Of(project).ShouldBe(["EcrRegon", "EcrRegistri"]);
        }
        finally
        {
            File.Delete(project);
        }
    }

    [Fact]
    public void A_project_that_cannot_be_read_gives_no_names() =>
        PropertyNames.Of(Path.Combine(Path.GetTempPath(), "no-such.csproj")).ShouldBeEmpty();
}
