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
    public void Values_are_not_shown() =>
        EnvironmentVariables.None.With("AWS_SECRET_ACCESS_KEY", "hidden").ToString().ShouldNotContain("hidden");
}
