using EcrBuildTasks.Failures;
using EcrBuildTasks.Push;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Settings;

public sealed class PropertyChoiceTests
{
    [Theory]
    [InlineData(null, PushMode.Registry)]
    [InlineData(" ", PushMode.Registry)]
    [InlineData(" engine ", PushMode.Engine)]
    [InlineData("AUTO", PushMode.Auto)]
    public void A_property_is_read_in_whatever_case(string? value, PushMode read) =>
        PropertyChoice.Read("EcrPushMode", value, PushMode.Registry).ShouldBe(read);

    [Theory]
    [InlineData("fast")]
    [InlineData("1")]
    [InlineData("Engine,Registry")]
    public void Another_value_is_named_with_those_that_can_be(string value) =>
        Should
            .Throw<DiagnosedException>(() => PropertyChoice.Read("EcrPushMode", value, PushMode.Auto))
            .Diagnostic.Message.ShouldEndWith(": Auto, Engine, Registry.");

    [Theory]
    [InlineData("True", true)]
    [InlineData("false", false)]
    [InlineData("", false)]
    public void A_switch_is_true_or_false(string value, bool isTrue) =>
        PropertyChoice.IsTrue("EcrTagCommit", value).ShouldBe(isTrue);
}
