namespace EcrBuildTasks.Policies;

/// <summary>The IP address operators; an address of the other family simply does not match.</summary>
internal sealed class IpAddressTest(AddressRange range) : ValueTest
{
    public AddressRange Range => range;

    public override Truth Matches(string contextValue, in Question question) =>
        (
            AddressRange.TryParseAddress(contextValue, out var family, out var address)
            && range.Contains(family, address)
        ).ToTruth();
}
