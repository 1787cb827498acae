/*
 * What instance types bear: network interfaces of the first network card, addresses of each, branch interfaces of a trunk (amazon-vpc-cni-k8s,
 * pkg/vpc/vpc_ip_resource_limit.go; amazon-vpc-resource-controller-k8s, pkg/aws/vpc/limits.go). The families that most nodes are of; AWS has about 190.
 */
const FAMILIES = `
t2: nano 2 2 0, micro 2 2 0, small 3 4 0, medium 3 6 0, large 3 12 0, xlarge 3 15 0, 2xlarge 3 15 0
t3: nano 2 2 0, micro 2 2 0, small 3 4 0, medium 3 6 0, large 3 12 0, xlarge 4 15 0, 2xlarge 4 15 0
t3a: nano 2 2 0, micro 2 2 0, small 2 4 0, medium 3 6 0, large 3 12 0, xlarge 4 15 0, 2xlarge 4 15 0
t4g: nano 2 2 0, micro 2 2 0, small 3 4 0, medium 3 6 0, large 3 12 0, xlarge 4 15 0, 2xlarge 4 15 0
m4: large 2 10 0, xlarge 4 15 0, 2xlarge 4 15 0, 4xlarge 8 30 0, 10xlarge 8 30 0, 16xlarge 8 30 0
m5: large 3 10 9, xlarge 4 15 18, 2xlarge 4 15 38, 4xlarge 8 30 54, 8xlarge 8 30 54, 12xlarge 8 30 54, 16xlarge 15 50 107, 24xlarge 15 50 107, metal 15 50 120
m6g: medium 2 4 4, large 3 10 9, xlarge 4 15 18, 2xlarge 4 15 38, 4xlarge 8 30 54, 8xlarge 8 30 54, 12xlarge 8 30 54, 16xlarge 15 50 107, metal 15 50 107
m6i: large 3 10 9, xlarge 4 15 18, 2xlarge 4 15 38, 4xlarge 8 30 54, 8xlarge 8 30 84, 12xlarge 8 30 114, 16xlarge 15 50 107, 24xlarge 15 50 107, 32xlarge 15 50 107, metal 15 50 107
m7g: medium 2 4 4, large 3 10 9, xlarge 4 15 18, 2xlarge 4 15 38, 4xlarge 8 30 54, 8xlarge 8 30 54, 12xlarge 8 30 54, 16xlarge 15 50 107, metal 15 50 107
m7i: large 3 10 9, xlarge 4 15 18, 2xlarge 4 15 38, 4xlarge 8 30 54, 8xlarge 8 30 84, 12xlarge 8 30 114, 16xlarge 15 50 107, 24xlarge 15 50 107, 48xlarge 15 50 107
c5: large 3 10 9, xlarge 4 15 18, 2xlarge 4 15 38, 4xlarge 8 30 54, 9xlarge 8 30 54, 12xlarge 8 30 54, 18xlarge 15 50 107, 24xlarge 15 50 107, metal 15 50 107
c6g: medium 2 4 4, large 3 10 9, xlarge 4 15 18, 2xlarge 4 15 38, 4xlarge 8 30 54, 8xlarge 8 30 54, 12xlarge 8 30 54, 16xlarge 15 50 107, metal 15 50 107
c6i: large 3 10 9, xlarge 4 15 18, 2xlarge 4 15 38, 4xlarge 8 30 54, 8xlarge 8 30 84, 12xlarge 8 30 114, 16xlarge 15 50 107, 24xlarge 15 50 107, 32xlarge 15 50 107, metal 15 50 107
c7g: medium 2 4 4, large 3 10 9, xlarge 4 15 18, 2xlarge 4 15 38, 4xlarge 8 30 54, 8xlarge 8 30 54, 12xlarge 8 30 54, 16xlarge 15 50 107, metal 15 50 107
r5: large 3 10 9, xlarge 4 15 18, 2xlarge 4 15 38, 4xlarge 8 30 54, 8xlarge 8 30 54, 12xlarge 8 30 54, 16xlarge 15 50 107, 24xlarge 15 50 107, metal 15 50 120
r6i: large 3 10 9, xlarge 4 15 18, 2xlarge 4 15 38, 4xlarge 8 30 54, 8xlarge 8 30 84, 12xlarge 8 30 114, 16xlarge 15 50 107, 24xlarge 15 50 107, 32xlarge 15 50 107, metal 15 50 107
`

export interface InstanceType {
  readonly enis: number
  /** IPv4 addresses of one interface, its primary one included. */
  readonly addresses: number
  /** Branch interfaces; 0: it can have no trunk. */
  readonly branches: number
}

/** By their names, `m5.large`. */
export const INSTANCES: ReadonlyMap<string, InstanceType> = new Map(
  FAMILIES.trim()
    .split('\n')
    .flatMap((line) => {
      const [family = '', sizes = ''] = line.split(': ')
      return sizes.split(', ').map((x): [string, InstanceType] => {
        const [size = '', enis, addresses, branches] = x.split(' ')
        return [
          `${family}.${size}`,
          { enis: Number(enis), addresses: Number(addresses), branches: Number(branches) },
        ]
      })
    }),
)
