using EcrBuildTasks.Diagnostics;
using EcrBuildTasks.Tasks;

namespace EcrBuildTasks.Tests;

public sealed class PropertyNamesTests
{
    private static readonly PropertyNames Names = new(["EcrRegistry", "EcrRepository", "EcrImageTags"]);

    [Theory]
    [InlineData("EcrRepositry", "EcrRepository")]
    [InlineData("ECRREGISTRYY", "EcrRegistry")]
    [InlineData("EcrImageTag", "EcrImageTags")]
    public void A_misspelt_property_is_named_together_with_the_nearest_that_exists(string misspelt, string meant)
    {
        var warning = Names.Unknown([misspelt]).ShouldHaveSingleItem();

        warning.Code.ShouldBe(EcrCode.PropertyUnknown);
        warning.Severity.ShouldBe(DiagnosticSeverity.Warning);
        warning.Message.ShouldContain(misspelt);
        warning.Message.ShouldEndWith($"Did you mean {meant}?");
    }

    [Fact]
    public void A_property_that_resembles_none_is_reported_without_a_guess() =>
        Names.Unknown(["EcrColourOfTheSky"]).ShouldHaveSingleItem().Message.ShouldNotContain("Did you mean");

    [Theory]
    [InlineData("EcrRegistry")]
    [InlineData("ecrregistry")]
    [InlineData("ContainerRepositry")]
    [InlineData("_EcrArchive")]
    public void Known_properties_and_those_of_others_are_let_be(string name) => Names.Unknown([name]).ShouldBeEmpty();

    [Fact]
    public void The_properties_of_a_project_are_those_in_its_property_groups_also_inside_of_targets()
    {
        var file = Write(
            """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><EcrRegistry>a</EcrRegistry></PropertyGroup>
              <ItemGroup><EcrItem Include="b" /></ItemGroup>
              <Target Name="T"><PropertyGroup><EcrRepositry>c</EcrRepositry></PropertyGroup></Target>
            </Project>
            """
        );

        PropertyNames.Of(file).ShouldBe(["EcrRegistry", "EcrRepositry"]);
        File.Delete(file);
    }

    [Fact]
    public void A_project_file_that_is_no_XML_or_is_missing_has_no_properties_and_is_no_error()
    {
        var file = Write("<Project>");

        PropertyNames.Of(file).ShouldBeEmpty();
        File.Delete(file);
        PropertyNames.Of(file).ShouldBeEmpty();
    }

    private static string Write(string text)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csproj");
        File.WriteAllText(file, text);
        return file;
    }
}
