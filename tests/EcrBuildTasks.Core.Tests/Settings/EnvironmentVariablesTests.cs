using EcrBuildTasks.Settings;
using FsCheck.Xunit;

namespace EcrBuildTasks.Core.Tests.Settings;

public sealed class EnvironmentVariablesTests
{
    [Fact]
    public void An_empty_variable_counts_as_none() => EnvironmentVariables.None.With("A", "")["A"].ShouldBeNull();

    [Property]
    public void The_same_variables_are_equal_in_whatever_order(IDictionary<string, string> variables)
    {
        var given = variables.Where(one => one.Value is not null).ToList();
        var one = new EnvironmentVariables(given);
        var other = new EnvironmentVariables(given.AsEnumerable().Reverse());

        other.ShouldBe(one);
        other.GetHashCode().ShouldBe(one.GetHashCode());
    }

    [Property]
    public void A_change_leaves_the_original_as_it_was(string name, string before, string after)
    {
        if (name is null || string.IsNullOrEmpty(before) || string.IsNullOrEmpty(after) || before == after)
        {
            return;
        }

        var original = EnvironmentVariables.None.With(name, before);
        var changed = original.With(name, after);

        (original[name], changed[name], changed.With(name, null)[name]).ShouldBe((before, after, null));
        changed.ShouldNotBe(original);
        changed.With(name, before).ShouldBe(original);
    }

    [Fact]
    public void The_home_folder_is_never_a_relative_path()
    {
        var absolute = Path.GetFullPath(Path.Combine(Path.GetTempPath(), "home"));
        string?[] values = [null, "", ".", "home", "../home", "~/home", absolute];
        foreach (var (home, profile, system) in from h in values from p in values from s in values select (h, p, s))
        {
            var variables = new EnvironmentVariables([], system).With("HOME", home).With("USERPROFILE", profile);

            var isKnown = new[] { home, profile, system }.Contains(absolute, StringComparer.Ordinal);
            variables.Home.ShouldBe(isKnown ? absolute : null);
            Path.IsPathFullyQualified(variables.InHome(".aws", "config")).ShouldBeTrue();
        }
    }

    [Fact]
    public void Without_a_variable_the_operating_system_knows_the_home_folder() =>
        EnvironmentVariables
            .OfProcess()
            .With("HOME", null)
            .With("USERPROFILE", null)
            .Home.ShouldBe(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    [Fact]
    public void Values_are_not_shown() =>
        EnvironmentVariables.None.With("AWS_SECRET_ACCESS_KEY", "hidden").ToString().ShouldNotContain("hidden");
}
