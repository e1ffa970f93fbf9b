package dev.shootdown.driver;

/**
 * A device bound to an address space.
 *
 * @param number counted from 1
 * @param device the device's number
 * @param iommu  the number of the IOMMU that it is behind
 * @param pasid  tags its translations of this address space
 * @param mm     the address space
 * @param driver what it does
 */
public record Binding(int number, int device, int iommu, int pasid, int mm, Driver driver) {}
